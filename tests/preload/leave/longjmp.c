/* SPDX-License-Identifier: Apache-2.0 */
/* longjmp() leaves scopes entered, whatever block they are in; exiting further out closes them. */
#include <setjmp.h>
#include <signal.h>

#include "leave.h"

static jmp_buf back;
static sigjmp_buf back_from_signal;

static void jump_out_of_blocks(void)
{
	FLYTE_CUSTOM_CONTEXT ("scope", "block") {
		FLYTE_CUSTOM_CONTEXT ("scope", "deeper")
			longjmp(back, 1);
	}
}

static void out_of_blocks(void)
{
	flyte_token token = enter("scope", "outer");

	for (volatile int i = 0; i < 100; i++)
		if (!setjmp(back))
			jump_out_of_blocks();
	expect("scope", "deeper"); /* nobody has left it */
	expect_true(flyte_context_exit(token) == 0);
	expect("scope", "-");
}

/* A block around setjmp() is the further out. */
static void into_a_block(void)
{
	FLYTE_CUSTOM_CONTEXT ("scope", "outer") {
		if (!setjmp(back))
			jump_out_of_blocks();
		expect("scope", "deeper");
	}
	expect("scope", "-");
}

static int jump_out_of_run(void *unused)
{
	(void)unused;
	enter("scope", "run");
	longjmp(back, 1);
}

static void out_of_a_run(void)
{
	flyte_token token = enter("scope", "outer");

	if (!setjmp(back))
		flyte_contextual_run(jump_out_of_run, NULL);
	expect_true(flyte_context_exit(token) == 0);
	expect("scope", "-");
}

static void jump_out_of_handler(int number)
{
	(void)number;
	siglongjmp(back_from_signal, 1);
}

static void out_of_a_signal_handler(void)
{
	flyte_token token = enter("scope", "outer");

	signal(SIGUSR1, jump_out_of_handler);
	if (!sigsetjmp(back_from_signal, 1)) {
		FLYTE_CUSTOM_CONTEXT ("scope", "interrupted")
			raise(SIGUSR1);
		expect_true(false);
	}
	expect("scope", "interrupted");
	expect_true(flyte_context_exit(token) == 0);
	expect("scope", "-");
}

int main(void)
{
	out_of_blocks();
	into_a_block();
	out_of_a_run();
	out_of_a_signal_handler();
	return leave_end();
}
