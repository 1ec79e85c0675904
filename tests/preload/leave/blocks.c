/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks that are left by their end, return, break, continue and goto. C and C++. */
#include "leave.h"

static void by_end(void)
{
	FLYTE_CUSTOM_CONTEXT ("scope", "outer") {
		expect("scope", "outer");
		FLYTE_CUSTOM_CONTEXT ("scope", "inner", "more", "x") {
			expect("scope", "inner");
			expect("more", "x");
			expect("increment", "1");
		}
		expect("scope", "outer");
		expect("more", "-");
	}
	expect("scope", "-");
}

/* One statement, without braces. */
static void by_a_single_statement(void)
{
	FLYTE_CUSTOM_CONTEXT ("scope", "single")
		expect("scope", "single");
	expect("scope", "-");
}

static int by_return(int depth)
{
	FLYTE_CUSTOM_CONTEXT ("scope", "returned") {
		FLYTE_CUSTOM_CONTEXT ("scope", "deeper") {
			if (depth)
				return by_return(depth - 1) + 1;
			expect("scope", "deeper");
			return 0;
		}
	}
	return -1;
}

static void by_break(void)
{
	int rounds = 0;

	for (int i = 0; i < 3; i++) {
		FLYTE_CUSTOM_CONTEXT ("scope", "broken") {
			rounds++;
			if (i < 3)
				break; /* leaves the block, not the loop around it */
			expect("scope", "never");
		}
		expect("scope", "-");
	}
	expect_true(rounds == 3);
}

static void by_continue(void)
{
	int rounds = 0;

	for (int i = 0; i < 3; i++) {
		FLYTE_CUSTOM_CONTEXT ("scope", "continued") {
			rounds++;
			if (i < 3)
				continue;
			expect("scope", "never");
		}
		expect("scope", "-");
	}
	expect_true(rounds == 3);
}

/* A loop inside a block is left and gone on with as ever. */
static void by_break_of_an_inner_loop(void)
{
	int rounds = 0;

	FLYTE_CUSTOM_CONTEXT ("scope", "loop") {
		for (int i = 0; i < 10; i++) {
			rounds++;
			if (i == 4)
				break;
		}
		expect("scope", "loop");
	}
	expect_true(rounds == 5);
	expect("scope", "-");
}

static void by_goto(void)
{
	int rounds = 0;

again:
	expect("scope", "-");
	FLYTE_CUSTOM_CONTEXT ("scope", "outer") {
		FLYTE_CUSTOM_CONTEXT ("scope", "inner") {
			expect("scope", "inner");
			if (++rounds < 3)
				goto again;
			goto out;
		}
	}
	expect_true(false);
out:
	expect("scope", "-");
	expect_true(rounds == 3);
}

static void by_goto_inside(void)
{
	FLYTE_CUSTOM_CONTEXT ("scope", "inside") {
		goto further;
further:
		expect("scope", "inside");
	}
	expect("scope", "-");
}

static void by_switch(int number)
{
	switch (number) {
	case 1:
		FLYTE_CUSTOM_CONTEXT ("scope", "case") {
			expect("scope", "case");
			break;
		}
		expect("scope", "-");
		break;
	default:
		expect_true(false);
	}
}

/* Entering fails: the block runs all the same, in the context outside. */
static void with_a_key_that_is_refused(void)
{
	int rounds = 0;

	FLYTE_CUSTOM_CONTEXT ("", "bad") {
		rounds++;
		expect("scope", "-");
		expect("increment", "1");
	}
	expect_true(rounds == 1);
}

/* By hand: the outer token closes what is inside, the inner ones are stale then. */
static void by_the_outer_token(void)
{
	flyte_token outer = enter("scope", "outer"), inner = enter("scope", "inner");

	expect("scope", "inner");
	expect_true(flyte_context_exit(outer) == 0);
	expect_true(flyte_context_exit(inner) == (preloaded() ? -1 : 0));
	expect("scope", "-");
}

int main(void)
{
	by_end();
	by_a_single_statement();
	expect_true(by_return(3) == 3);
	by_break();
	by_continue();
	by_break_of_an_inner_loop();
	by_goto();
	by_goto_inside();
	by_switch(1);
	with_a_key_that_is_refused();
	by_the_outer_token();
	return leave_end();
}
