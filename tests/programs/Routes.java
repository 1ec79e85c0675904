// SPDX-License-Identifier: Apache-2.0

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Each way in which a Java program starts processes and threads.
 *
 * <pre>java Routes ROUTE WHERE LOG LIBRARY</pre>
 *
 * Prints what is the same in every run. All of ROUTE is in the method of that name.
 */
public class Routes {
	private static String where, log;

	/** A report of this very thread; returns its id. */
	private static native int report(String log, String label);

	public static void main(String[] arguments) throws Exception {
		where = arguments[1];
		log = arguments[2];
		System.load(arguments[3]);
		Routes.class.getDeclaredMethod(arguments[0]).invoke(null);
	}

	private static ProcessBuilder cleared(String... command) {
		ProcessBuilder builder = new ProcessBuilder(command);
		builder.environment().clear();
		return builder;
	}

	private static int child(String label) throws Exception {
		return cleared(where, log, label).inheritIO().start().waitFor();
	}

	/** What each thread does: it reports, and so does a child that it starts. Returns 0. */
	private static int work(String label) {
		int thread = report(log, label);
		try {
			return cleared(where, log, "child of it", "", Integer.toString(thread))
				.inheritIO().start().waitFor();
		} catch (IOException | InterruptedException error) {
			throw new IllegalStateException(error);
		}
	}

	static void builder() throws Exception {
		System.out.println(child("inheritIO"));
		ProcessBuilder shell = cleared("/bin/sh", "-c",
			where + " " + log + " shell; cat; echo err >&2; exit 3");
		Process process = shell.directory(new File("/")).redirectErrorStream(true).start();
		process.getOutputStream().write("in\n".getBytes());
		process.getOutputStream().close();
		System.out.println(new String(process.getInputStream().readAllBytes()));
		System.out.println(process.waitFor());
		List<Process> pipeline = ProcessBuilder.startPipeline(List.of(
			cleared("/bin/sh", "-c", where + " " + log + " left; echo piped"),
			cleared("/bin/sh", "-c", where + " " + log + " right; cat")));
		System.out.println(new String(pipeline.get(1).getInputStream().readAllBytes()));
		System.out.println(pipeline.get(0).waitFor() + " " + pipeline.get(1).waitFor());
	}

	static void exec() throws Exception {
		Runtime runtime = Runtime.getRuntime();
		String[] command = {where, log, "exec"};
		System.out.println(runtime.exec(command, new String[0]).waitFor());
		System.out.println(runtime.exec(command, new String[] {"A=1"}, new File("/")).waitFor());
		System.out.println(runtime.exec(command).waitFor());
	}

	static void failures() throws Exception {
		for (String name : List.of("/nowhere/at/all", "no_such_command_here", "/etc/passwd")) {
			try {
				cleared(name).start();
			} catch (IOException error) {
				System.out.println(error.getMessage());
			}
		}
		System.out.println(cleared("/bin/sh", "-c", "kill -TERM $$").start().waitFor());
		Process sleeping = cleared("/bin/sleep", "60").start();
		System.out.println(sleeping.destroyForcibly().waitFor());
	}

	static void threads() throws Exception {
		List<Thread> started = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			Thread thread = new Thread(() -> work("a thread"));
			thread.setDaemon(i % 2 == 0);
			thread.start();
			started.add(thread);
		}
		for (Thread thread : started) {
			thread.join();
		}
		System.out.println(work("main"));
		Runtime.getRuntime().addShutdownHook(new Thread(() -> work("a shutdown hook")));
	}

	private static void submit(ExecutorService executor, String label) throws Exception {
		List<Callable<Integer>> tasks = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			tasks.add(() -> work(label));
		}
		int sum = 0;
		for (Future<Integer> future : executor.invokeAll(tasks)) {
			sum += future.get();
		}
		executor.shutdown();
		System.out.println(label + " " + sum);
	}

	static void executors() throws Exception {
		submit(Executors.newFixedThreadPool(3), "a fixed pool");
		submit(Executors.newCachedThreadPool(), "a cached pool");
		submit(Executors.newSingleThreadExecutor(), "a single thread");
		submit(new ForkJoinPool(2), "ForkJoinPool");
		ScheduledExecutorService scheduled = Executors.newScheduledThreadPool(1);
		System.out.println(scheduled.schedule(() -> work("scheduled"), 1, TimeUnit.MILLISECONDS).get());
		scheduled.shutdown();
		System.out.println(CompletableFuture.supplyAsync(() -> work("CompletableFuture")).get());
		System.out.println(IntStream.range(0, 6).parallel().map(i -> work("a parallel stream")).sum());
	}

	/** By its name, so that older compilers take this file: since Java 21. */
	static void virtual() throws Exception {
		submit((ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null),
			"virtual threads");
		Thread thread = (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class)
			.invoke(null, (Runnable) () -> work("a virtual thread"));
		thread.join();
	}
}
