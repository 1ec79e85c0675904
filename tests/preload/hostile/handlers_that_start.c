/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signal handlers that start programs interrupt starts, wherever those are: on the same stack and
 * on an alternate one of 8 KiB. What a handler starts has the context of what it interrupted.
 */
#include <sys/mman.h>
#include <sys/time.h>

#include "hostile.h"

static volatile sig_atomic_t started, wrong;
static char **variables;

/* Each time anew: on a slow machine a handler may take longer than that, and is not to be all it
 * does. */
static void interrupt_soon(void)
{
	const struct itimerval timer = { { 0, 0 }, { 0, 3000 } };

	setitimer(ITIMER_REAL, &timer, NULL);
}

static void start_in_handler(int number)
{
	int saved = errno, status = by_vfork(looking_for(custom("scope")), variables);

	(void)number;
	if (status)
		wrong = status;
	started++;
	interrupt_soon();
	errno = saved;
}

static void interrupted_starts(int flags)
{
	struct sigaction action = { .sa_handler = start_in_handler, .sa_flags = flags };
	const struct itimerval none = { { 0, 0 }, { 0, 0 } };

	started = 0;
	sigaction(SIGALRM, &action, NULL);
	interrupt_soon();
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
	char *memory = mmap(NULL, 16384, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	hostile_begin(argc, argv);
	variables = many_variables(1000);
	interrupted_starts(SA_RESTART);
	/* What is below it can't be written. */
	stack.ss_sp = memory + 8192;
	expect(mprotect(stack.ss_sp, 8192, PROT_READ | PROT_WRITE) == 0);
	expect(sigaltstack(&stack, NULL) == 0);
	interrupted_starts(SA_RESTART | SA_ONSTACK);
	return hostile_end();
}
