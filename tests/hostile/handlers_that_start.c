/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signal handlers that start programs interrupt starts, wherever those are: on the same stack and
 * on an alternate one of 8 KiB. What a handler starts has the context of what it interrupted.
 */
#include <sys/time.h>

#include "hostile.h"

static volatile sig_atomic_t started, wrong;
static char **variables;

static void start_in_handler(int number)
{
	int saved = errno, status = by_vfork(looking_for(custom("scope")), variables);

	(void)number;
	if (status)
		wrong = status;
	started++;
	errno = saved;
}

static void interrupted_starts(int flags)
{
	struct sigaction action = { .sa_handler = start_in_handler, .sa_flags = flags };
	const struct itimerval timer = { { 0, 3000 }, { 0, 3000 } }, none = { { 0, 0 }, { 0, 0 } };

	started = 0;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	while (started < 100 && !wrong) {
		flyte_token token = enter("scope", "inner");

		/* fork() is no function for handlers to interrupt: glibc's takes locks. */
		for (int i = 0; i < 20; i++)
			execve("/nowhere", looking_for("inner"), variables);
		expect(by_vfork(looking_for("inner"), variables) == 0);
		expect(by_posix_spawn(looking_for("inner"), variables) == 0);
		expect(by_system(looking_for("inner"), variables) == 0);
		flyte_context_exit(token);
		expect(by_popen(looking_for("-"), variables) == 0);
	}
	setitimer(ITIMER_REAL, &none, NULL);
	expect(!wrong);
}

int main(int argc, char **argv)
{
	stack_t stack = { .ss_size = 8192 };

	hostile_begin(argc, argv);
	variables = many_variables(1000);
	interrupted_starts(SA_RESTART);
	stack.ss_sp = malloc(stack.ss_size);
	expect(sigaltstack(&stack, NULL) == 0);
	interrupted_starts(SA_RESTART | SA_ONSTACK);
	return hostile_end();
}
