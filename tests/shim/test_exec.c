/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim/hooks/exec.c, spawn.c, raw.c, child_env.c: what a child's environment is (SPEC 3.1, 3.7).
 */
#include <spawn.h>
#include <sys/syscall.h>

#include "exec_test.h"

/* What `env` prints when it is given `envp`. */
static const char *environment_of_child(char *const envp[])
{
	static char text[1 << 20];
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], 1);
		execve("/usr/bin/env", env_argv, envp);
		_exit(1);
	}
	close(fds[1]);
	read_all(fds[0], text, sizeof(text));
	assert_int_equal(wait_for(pid), 0);
	return text;
}

static void an_empty_environment_gets_the_carrier(void **state)
{
	char *const empty[] = { NULL };
	flyte_token token = enter("scope", "x");
	const char *text = environment_of_child(empty);

	(void)state;
	assert_int_equal(count_of(text, "FLYTE_CTX="), 1);
	assert_non_null(strstr(text, "kv-scope~-x."));
	flyte_context_exit(token);
	text = environment_of_child(empty);
	assert_int_equal(count_of(text, "FLYTE_CTX="), 1);
	assert_null(strstr(text, "scope"));
}

static void a_null_environment_counts_as_empty(void **state)
{
	(void)state;
	assert_int_equal(count_of(environment_of_child(NULL), "FLYTE_CTX="), 1);
}

static void what_is_not_ours_stays_as_it_is(void **state)
{
	char *const envp[] = { "B=2",
			       "A=1",
			       "A=3",
			       "noequals",
			       "=",
			       "",
			       "BAD=\xff\xfe",
			       "FLYTE_CTX=stale",
			       "Z=",
			       "FLYTE_CTX=again",
			       NULL };
	const char *text = environment_of_child(envp);

	(void)state;
	assert_non_null(strstr(text, "B=2\nA=1\nA=3\nnoequals\n=\n\nBAD=\xff\xfe\nFLYTE_CTX=1."));
	assert_int_equal(count_of(text, "FLYTE_CTX="), 1);
	assert_non_null(strstr(text, "\nZ=\n"));
	assert_null(strstr(text, "stale"));
}

static void propagation_can_be_switched_off_for_a_child(void **state)
{
	char *const envp[] = { "FLYTE_CTX=1.9.an-stale.", "FLYTECTX_PROPAGATE=0",
			       "LD_PRELOAD=/nowhere/libflytectx.so", NULL };

	(void)state;
	assert_string_equal(environment_of_child(envp), "FLYTECTX_PROPAGATE=0\n");
}

static void errno_is_that_of_the_real_call(void **state)
{
	char *const empty[] = { NULL };
	pid_t pid;

	(void)state;
	errno = 0;
	assert_int_equal(execve("/nowhere", true_argv, empty), -1);
	assert_int_equal(errno, ENOENT);
	errno = 0;
	assert_int_equal(execvp("no-such-program", true_argv), -1);
	assert_int_equal(errno, ENOENT);
	errno = 0;
	assert_int_equal(syscall(SYS_execve, "/etc", true_argv, empty), -1);
	assert_int_equal(errno, EACCES);
	errno = 123;
	assert_int_equal(posix_spawn(&pid, "/nowhere", NULL, NULL, true_argv, empty), ENOENT);
	assert_int_equal(posix_spawn(&pid, "/bin/true", NULL, NULL, true_argv, empty), 0);
	wait_for(pid);
}

static int count_maps(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	int count = 0;

	while (fgets(line, sizeof(line), maps))
		count++;
	fclose(maps);
	return count;
}

/* A vfork child runs in our memory: what it maps stays. */
static void vfork_children_leave_no_mapping(void **state)
{
	char **envp = many_variables(5000);
	int before = 0;

	(void)state;
	for (int i = 0; i < 200; i++) {
		pid_t pid = vfork();

		if (pid == 0) {
			execve("/bin/true", true_argv, envp);
			_exit(1);
		}
		assert_int_equal(wait_for(pid), 0);
		if (i == 10)
			before = count_maps();
	}
	assert_int_equal(count_maps(), before);
}

static volatile sig_atomic_t handled;

static void start_in_handler(int number)
{
	char *const empty[] = { NULL };
	int saved = errno;
#if __GLIBC_PREREQ(2, 34)
	pid_t pid = _Fork(); /* fork() holds locks that it may have interrupted */
#else
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
#endif

	(void)number;
	if (pid == 0) {
		execve("/bin/true", true_argv, empty);
		_exit(1);
	}
	if (wait_for(pid) == 0)
		handled++;
	errno = saved;
}

/*
 * Handlers that start programs interrupt starts of programs. Not the fork() of this test: glibc's
 * takes locks, and one in a handler that interrupts another waits for itself for ever.
 */
static void signal_handlers_may_start_programs(void **state)
{
	struct sigaction action = { .sa_handler = start_in_handler }, old;
	char **envp = many_variables(5000);
	sigset_t mask, blocked;

	(void)state;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigaction(SIGUSR1, &action, &old);
	for (int i = 0; i < 50; i++) {
		pid_t pid = fork(), interrupter;
		int status;

		if (pid == 0) {
			execve("/nowhere", true_argv, envp);
			_exit(9);
		}
		sigprocmask(SIG_BLOCK, &blocked, NULL);
		interrupter = fork();
		if (interrupter == 0) {
			kill(getppid(), SIGUSR1);
			_exit(0);
		}
		sigprocmask(SIG_UNBLOCK, &blocked, NULL);
		execve("/nowhere", true_argv, envp);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		assert_int_equal(WEXITSTATUS(status), 9);
		while (waitpid(interrupter, &status, 0) < 0 && errno == EINTR)
			;
	}
	sigemptyset(&mask);
	while (handled < 1)
		sigsuspend(&mask);
	assert_true(handled > 0);
	sigaction(SIGUSR1, &old, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_environment_gets_the_carrier),
		cmocka_unit_test(a_null_environment_counts_as_empty),
		cmocka_unit_test(what_is_not_ours_stays_as_it_is),
		cmocka_unit_test(propagation_can_be_switched_off_for_a_child),
		cmocka_unit_test(errno_is_that_of_the_real_call),
		cmocka_unit_test(vfork_children_leave_no_mapping),
		cmocka_unit_test(signal_handlers_may_start_programs),
	};

	return cmocka_run_group_tests_name("exec", tests, NULL, NULL);
}
