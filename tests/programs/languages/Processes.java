// SPDX-License-Identifier: Apache-2.0
//
// Processes.java - what the children of a Java program have, whatever it does to their environment.
//
//	java Processes.java FLYTECTX		(Java 11 and newer)
import java.io.IOException;

public class Processes {
	static String child(String... command) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command);
		builder.environment().clear();
		return new String(builder.start().getInputStream().readAllBytes()).trim();
	}

	public static void main(String[] arguments) throws Exception {
		String flytectx = arguments[0], field = "custom_context.increment";
		String[] seen = new String[1];
		Thread thread = new Thread(() -> {
			try {
				seen[0] = child(flytectx, "get", field);
			} catch (IOException error) {
				seen[0] = error.toString();
			}
		});
		thread.start();
		thread.join();
		System.out.println("a child " + child(flytectx, "get", field) + ", of a thread " + seen[0]);
		// Without a scope: flytectx makes the context, inside the one of this process.
		System.out.println("flytectx run: " + child(flytectx, "run", "--custom-context",
			"increment=3", "--", flytectx, "get", field));
	}
}
