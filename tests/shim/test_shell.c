/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim/hooks/system.c, popen.c, streams.c: both ways, libc's own and ours, do what POSIX and libc
 * say. Each test runs outside a scope, where libc's own is used, and inside one, where ours is.
 */
#include <fcntl.h>
#include <signal.h>

#include "shim_test.h"

static int enter_scope(void **state)
{
	static flyte_token token;

	token = enter("scope", "shell");
	*state = &token;
	return token > FLYTE_TOKEN_NONE ? 0 : -1;
}

static int exit_scope(void **state)
{
	return flyte_context_exit(*(flyte_token *)*state);
}

static bool in_scope(void)
{
	return strcmp(custom("scope"), "shell") == 0;
}

static void system_returns_what_the_shell_does(void **state)
{
	(void)state;
	assert_true(system(NULL));
	assert_int_equal(system("true"), 0);
	assert_int_equal(system("exit 42"), 42 << 8);
	assert_int_equal(system("kill -9 $$"), SIGKILL);
	assert_int_equal(system("no-such-command 2>/dev/null"), 127 << 8);
	assert_int_equal(
		system(in_scope() ? "case $FLYTE_CTX in *kv-scope~-shell.*) ;; *) exit 1; esac"
				  : "test -n \"$FLYTE_CTX\""),
		0);
	assert_int_equal(system("test \"$0\" = sh"), 0);
}

static volatile sig_atomic_t interrupts, children;

static void count_interrupt(int number)
{
	if (number == SIGINT)
		interrupts++;
	else
		children++;
}

static void system_ignores_signals_while_it_waits(void **state)
{
	struct sigaction count = { .sa_handler = count_interrupt }, old_int, old_chld, after;
	sigset_t before, now;

	(void)state;
	sigaction(SIGINT, &count, &old_int);
	sigaction(SIGCHLD, &count, &old_chld);
	sigprocmask(SIG_SETMASK, NULL, &before);
	interrupts = children = 0;
	/* The child has the default disposition, and its parent, us, ignores the signal. */
	assert_int_equal(system("kill -INT $PPID; kill -INT $$; sleep 5"), SIGINT);
	assert_int_equal(interrupts, 0);
	assert_int_equal(system("true"), 0);
	sigaction(SIGINT, NULL, &after);
	assert_true(after.sa_handler == count_interrupt);
	sigprocmask(SIG_SETMASK, NULL, &now);
	assert_memory_equal(&before, &now, 8);
	raise(SIGINT);
	assert_int_equal(interrupts, 1);
	sigaction(SIGINT, &old_int, NULL);
	sigaction(SIGCHLD, &old_chld, NULL);
}

static void *system_in_thread(void *result)
{
	for (int i = 0; i < 20; i++)
		*(int *)result |= system("exit 3") ^ 3 << 8;
	return NULL;
}

static void concurrent_calls_restore_the_dispositions(void **state)
{
	struct sigaction count = { .sa_handler = count_interrupt }, old, after;
	pthread_t threads[4];
	int results[4] = { 0 };

	(void)state;
	sigaction(SIGINT, &count, &old);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, system_in_thread, &results[i]);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(results[i], 0);
	}
	sigaction(SIGINT, NULL, &after);
	assert_true(after.sa_handler == count_interrupt);
	sigaction(SIGINT, &old, NULL);
}

static void *system_for_ever(void *path)
{
	char command[256];

	snprintf(command, sizeof(command), "echo $$ >%s; exec sleep 1000", (char *)path);
	system(command);
	return path;
}

static void a_cancelled_system_ends_its_child(void **state)
{
	char path[] = "/tmp/flytectx-test-XXXXXX";
	struct sigaction after;
	pthread_t thread;
	void *result;
	FILE *file;
	int pid = 0;

	(void)state;
	close(mkstemp(path));
	pthread_create(&thread, NULL, system_for_ever, path);
	while (!pid) {
		file = fopen(path, "r");
		if (fscanf(file, "%d", &pid) != 1)
			pid = 0;
		fclose(file);
		usleep(1000);
	}
	pthread_cancel(thread);
	pthread_join(thread, &result);
	unlink(path);
	assert_ptr_equal(result, PTHREAD_CANCELED);
	assert_int_equal(kill(pid, 0), -1); /* killed and reaped */
	sigaction(SIGINT, NULL, &after);
	assert_true(after.sa_handler == SIG_DFL);
}

static void popen_reads_and_writes(void **state)
{
	char line[256] = "";
	FILE *stream = popen("echo \"$FLYTE_CTX\"; exit 5", "r");

	(void)state;
	assert_non_null(stream);
	assert_non_null(fgets(line, sizeof(line), stream));
	assert_int_equal(!!strstr(line, "kv-scope~-shell."), in_scope());
	assert_int_equal(pclose(stream), 5 << 8);
	stream = popen("read a; test \"$a\" = hello", "w");
	fputs("hello\n", stream);
	assert_int_equal(pclose(stream), 0);
	assert_null(popen("true", "x"));
	assert_int_equal(errno, EINVAL);
}

static void close_on_exec_is_as_asked(void **state)
{
	FILE *plain = popen("cat", "w"), *closing = popen("cat", "we");

	(void)state;
	assert_int_equal(fcntl(fileno(plain), F_GETFD), 0);
	assert_int_equal(fcntl(fileno(closing), F_GETFD), FD_CLOEXEC);
	assert_int_equal(pclose(plain), 0);
	assert_int_equal(pclose(closing), 0);
}

/*
 * The second child must not hold the first one's pipe: then the first never sees the end of its
 * input, and pclose() waits for ever. Also where one of the two is libc's and the other ours.
 */
static void a_later_child_has_no_earlier_pipe(void **state)
{
	flyte_token token;
	FILE *first = popen("cat", "w"), *second = popen("cat", "w"), *third;

	(void)state;
	token = enter("mixed", "1");
	third = popen("cat", "w");
	alarm(200);
	assert_int_equal(pclose(first), 0);
	assert_int_equal(pclose(second), 0);
	flyte_context_exit(token);
	first = popen("cat", "w");
	assert_int_equal(pclose(third), 0);
	assert_int_equal(pclose(first), 0);
	alarm(0);
}

static void fclose_of_a_stream_waits_in_glibc(void **state)
{
	FILE *stream = popen("exit 7", "w");
	int (*volatile end)(FILE *) = fclose; /* so that compilers don't warn of the mismatch */

	(void)state;
	assert_int_equal(end(stream), 7 << 8);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void many_streams_at_once(void **state)
{
	FILE *streams[100];

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_non_null(streams[i] = popen("cat >/dev/null", "we"));
	for (int i = 0; i < 100; i++)
		assert_int_equal(pclose(streams[i]), 0);
}

#define BOTH(test)                                                                                 \
	cmocka_unit_test(test),                                                                    \
	{                                                                                          \
#test " (in a scope)", test, enter_scope, exit_scope, NULL                         \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(system_returns_what_the_shell_does),
		BOTH(system_ignores_signals_while_it_waits),
		BOTH(concurrent_calls_restore_the_dispositions),
		BOTH(a_cancelled_system_ends_its_child),
		BOTH(popen_reads_and_writes),
		BOTH(close_on_exec_is_as_asked),
		BOTH(a_later_child_has_no_earlier_pipe),
		BOTH(fclose_of_a_stream_waits_in_glibc),
		BOTH(many_streams_at_once),
	};

	return cmocka_run_group_tests_name("shell", tests, NULL, NULL);
}
