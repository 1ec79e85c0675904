/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kind of scope in every kind of child: what is current where a thread or a process is
 * started is what that has, and nobody else (SPEC 3.1, 3.2, 3.6). Which calls start something is
 * tests/routes/matrix.list.
 */
#include "inherit_test.h"

static void a_scope_reaches_what_is_started_in_it_alone(void **state)
{
	(void)state;
	for (size_t kind = 0; kind < KINDS; kind++)
		for (size_t starter = 0; starter < STARTERS; starter++) {
			flyte_token token = kinds[kind].enter();

			assert_true(token > FLYTE_TOKEN_NONE);
			starts_have(starter, kinds[kind].carried, true);
			assert_int_equal(flyte_context_exit(token), 0);
			starts_have(starter, kinds[kind].carried, false);
			starts_have(starter, ".kv-increment~-1.", true);
		}
}

static void scopes_of_all_kinds_add_up(void **state)
{
	flyte_token tokens[KINDS];
	size_t kind;

	(void)state;
	/* The task first: it replaces what the others add. */
	for (kind = KINDS; kind-- > 0;)
		tokens[kind] = kinds[kind].enter();
	for (size_t starter = 0; starter < STARTERS; starter++)
		for (kind = 0; kind < KINDS - 1; kind++)
			starts_have(starter, kinds[kind].carried, true);
	assert_int_equal(flyte_context_exit(tokens[KINDS - 1]), 0);
	for (kind = 0; kind < KINDS; kind++)
		starts_have(0, kinds[kind].carried, false);
}

static int start_in_run(void *unused)
{
	(void)unused;
	enter("kind", "run");
	for (size_t starter = 0; starter < STARTERS; starter++)
		starts_have(starter, ".kv-kind~-run.", true);
	return 0;
}

static void a_run_reaches_what_is_started_in_it(void **state)
{
	(void)state;
	assert_int_equal(flyte_contextual_run(start_in_run, NULL), 0);
	starts_have(0, "run", false);
}

static void a_block_reaches_what_is_started_in_it(void **state)
{
	(void)state;
	FLYTE_CUSTOM_CONTEXT ("kind", "block", "second", "too") {
		for (size_t starter = 0; starter < STARTERS; starter++) {
			starts_have(starter, ".kv-kind~-block.", true);
			starts_have(starter, ".kv-second~-too.", true);
		}
	}
	starts_have(0, "block", false);
}

static void a_swapped_context_reaches_what_is_started(void **state)
{
	flyte_token token = enter("kind", "fiber");
	const struct flyte_task_context *fiber = flyte_ctx_retain(flyte_ctx_get()), *mine;

	(void)state;
	flyte_context_exit(token);
	mine = flyte_ctx_swap(fiber);
	for (size_t starter = 0; starter < STARTERS; starter++)
		starts_have(starter, ".kv-kind~-fiber.", true);
	flyte_ctx_release(flyte_ctx_swap(mine));
	starts_have(0, "fiber", false);
}

static void outside_of_tasks_nothing_is_handed_on(void **state)
{
	const struct flyte_task_context *mine = flyte_ctx_swap(NULL);

	(void)state;
	for (size_t starter = 0; starter < STARTERS; starter++)
		starts_have(starter, "an-", false);
	flyte_ctx_swap(mine);
	starts_have(0, ".an-a0.", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scope_reaches_what_is_started_in_it_alone),
		cmocka_unit_test(scopes_of_all_kinds_add_up),
		cmocka_unit_test(a_run_reaches_what_is_started_in_it),
		cmocka_unit_test(a_block_reaches_what_is_started_in_it),
		cmocka_unit_test(a_swapped_context_reaches_what_is_started),
		cmocka_unit_test(outside_of_tasks_nothing_is_handed_on),
	};

	return cmocka_run_group_tests_name("inherit", tests, NULL, NULL);
}
