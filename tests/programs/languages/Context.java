// SPDX-License-Identifier: Apache-2.0
//
// Context.java - the context of a Flyte task in Java 22 and newer: no JNI, no library.
//
//	java --enable-native-access=ALL-UNNAMED Context.java FLYTECTX
//
// Shows who sees a scope: platform threads, virtual threads, children.
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

public class Context {
	static final Linker linker = Linker.nativeLinker();
	static final MethodHandle get = function("flytectx_custom_context_get",
		FunctionDescriptor.of(ADDRESS, ADDRESS));
	static final MethodHandle enter = function("flytectx_custom_context_enter",
		FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG));
	static final MethodHandle exit = function("flytectx_context_exit",
		FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

	/** A function of the preload; null without it. */
	static MethodHandle function(String name, FunctionDescriptor signature) {
		MethodHandle dlsym = linker.downcallHandle(
			linker.defaultLookup().find("dlsym").orElseThrow(),
			FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));

		try (Arena arena = Arena.ofConfined()) {
			MemorySegment address = (MemorySegment) dlsym.invokeExact(MemorySegment.NULL,
				arena.allocateFrom(name)); // NULL: RTLD_DEFAULT

			return address.address() == 0 ? null : linker.downcallHandle(address, signature);
		} catch (Throwable error) {
			throw new AssertionError(error);
		}
	}

	static String customContext(String key) {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment value = (MemorySegment) get.invokeExact(arena.allocateFrom(key));

			return value.address() == 0 ? null : value.reinterpret(Long.MAX_VALUE).getString(0);
		} catch (Throwable error) {
			throw new AssertionError(error);
		}
	}

	/** try (Scope scope = new Scope("increment", "2")) { ... } - on a platform thread. */
	static class Scope implements AutoCloseable {
		final long token;

		Scope(String key, String value) {
			if (Thread.currentThread().isVirtual())
				throw new IllegalStateException("a scope belongs to a platform thread");
			try (Arena arena = Arena.ofConfined()) {
				MemorySegment pair = arena.allocate(ADDRESS, 2);

				pair.setAtIndex(ADDRESS, 0, arena.allocateFrom(key));
				pair.setAtIndex(ADDRESS, 1, arena.allocateFrom(value));
				token = (long) enter.invokeExact(pair, 1L);
			} catch (Throwable error) {
				throw new AssertionError(error);
			}
			if (token == 0)
				throw new IllegalArgumentException("can't enter the custom context");
		}

		public void close() {
			try {
				int result = (int) exit.invokeExact(token);
			} catch (Throwable error) {
				throw new AssertionError(error);
			}
		}
	}

	static String child(String flytectx) throws Exception {
		ProcessBuilder builder =
			new ProcessBuilder(flytectx, "get", "custom_context.increment");

		builder.environment().clear();
		return new String(builder.start().getInputStream().readAllBytes()).trim();
	}

	static String seenBy(ThreadFactory factory) throws Exception {
		CompletableFuture<String> seen = new CompletableFuture<>();

		factory.newThread(() -> seen.complete(customContext("increment"))).start();
		return seen.get();
	}

	static void show(String place, String flytectx) throws Exception {
		System.out.println(place + ": " + customContext("increment")
			+ ", a platform thread " + seenBy(Thread.ofPlatform().factory())
			+ ", a virtual thread " + seenBy(Thread.ofVirtual().factory())
			+ ", a child " + child(flytectx));
	}

	public static void main(String[] arguments) throws Exception {
		if (get == null || customContext("increment") == null) {
			System.out.println("outside a task");
			return;
		}
		// Virtual threads run on carrier threads, which have the context of whoever started
		// the first of them: with any argument more, that is code in the scope.
		if (arguments.length == 1)
			show("outside", arguments[0]);
		try (Scope scope = new Scope("increment", "2")) {
			show("inside", arguments[0]);
		}
		show("after", arguments[0]);
		try (Scope scope = new Scope("increment", "x".repeat(100000))) {
			System.out.println("not reached");
		} catch (IllegalArgumentException error) {
			System.out.println(error.getMessage());
		}
	}
}
