/* SPDX-License-Identifier: Apache-2.0 */
/* fork() inside scopes: both processes leave them, each its own. */
#include <sys/wait.h>
#include <unistd.h>

#include "leave.h"

static bool ended_well(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void in_a_block(void)
{
	pid_t pid = -1;

	FLYTE_CUSTOM_CONTEXT ("scope", "outer") {
		FLYTE_CUSTOM_CONTEXT ("scope", "inner") {
			pid = fork();
			expect("scope", "inner");
		}
		expect("scope", "outer");
	}
	if (pid == 0)
		_exit(leave_end());
	expect_true(ended_well(pid));
	expect("scope", "-");
}

static void with_tokens(void)
{
	flyte_token outer = enter("scope", "outer"), inner = enter("scope", "inner");
	pid_t pid = fork();

	if (pid == 0) {
		expect_true(flyte_context_exit(outer) == 0);
		expect_true(flyte_context_exit(inner) == (preloaded() ? -1 : 0));
		_exit(leave_end());
	}
	expect_true(ended_well(pid));
	expect("scope", "inner");
	expect_true(flyte_context_exit(inner) == 0);
	expect_true(flyte_context_exit(outer) == 0);
}

static int fork_in_run(void *pid)
{
	enter("scope", "run");
	*(pid_t *)pid = fork();
	return 0;
}

static void in_a_run(void)
{
	pid_t pid;

	flyte_contextual_run(fork_in_run, &pid);
	expect("scope", "-");
	if (pid == 0)
		_exit(leave_end());
	expect_true(ended_well(pid));
}

/* exit() in the child, with everything still entered: atexit handlers see it. */
static void look_at_exit(void)
{
	expect("increment", "1");
	if (leave_failures)
		_exit(1);
}

static void exit_inside(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		atexit(look_at_exit);
		FLYTE_CUSTOM_CONTEXT ("scope", "exit")
			exit(leave_failures != 0);
	}
	expect_true(ended_well(pid));
}

int main(void)
{
	in_a_block();
	with_tokens();
	in_a_run();
	exit_inside();
	return leave_end();
}
