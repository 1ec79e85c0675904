/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signal handlers that exit a scope of the thread that they interrupt (SPEC 2.8).
 */
#include "signal_test.h"

/* The handler may exit it first, wherever we are: only who exits matters, never a crash. */
static void exit_what_the_handler_may_exit(unsigned number)
{
	flyte_token outer = enter_whole(number);

	own_token = outer;
	while (own_token && number-- % 64)
		if (!is_whole(flyte_ctx_get()))
			atomic_store(&wrong, true);
	own_token = 0;
	flyte_context_exit(outer);
}

/* The same while we are entering and exiting a scope inside the one that the handler exits. */
static void enter_inside_what_the_handler_exits(unsigned number)
{
	flyte_token outer = enter_whole(number), inner;

	own_token = outer;
	for (unsigned i = 0; i < 16; i++) {
		inner = enter_whole(number + i);
		if (!is_whole(flyte_ctx_get()))
			atomic_store(&wrong, true);
		flyte_context_exit(inner);
	}
	own_token = 0;
	flyte_context_exit(outer);
}

/* And while the scope inside is exited, not more. */
static void exit_inside_what_the_handler_exits(unsigned number)
{
	flyte_token outer = enter_whole(number), inner = enter_whole(number + 1);

	own_token = outer;
	flyte_context_exit(inner);
	if (!is_whole(flyte_ctx_get()))
		atomic_store(&wrong, true);
	own_token = 0;
	flyte_context_exit(outer);
}

static void handlers_exit_while_contexts_are_read(void **state)
{
	(void)state;
	survives(exit_what_the_handler_may_exit);
}

static void handlers_exit_while_scopes_are_entered_inside(void **state)
{
	(void)state;
	survives(enter_inside_what_the_handler_exits);
}

static void handlers_exit_while_scopes_are_exited_inside(void **state)
{
	(void)state;
	survives(exit_inside_what_the_handler_exits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handlers_exit_while_contexts_are_read),
		cmocka_unit_test(handlers_exit_while_scopes_are_exited_inside),
		cmocka_unit_test(handlers_exit_while_scopes_are_entered_inside),
	};

	return cmocka_run_group_tests_name("signal_exits", tests, NULL, NULL);
}
