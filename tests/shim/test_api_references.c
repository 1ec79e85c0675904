/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contexts that are kept, swapped and copied: flyte_ctx_retain(), flyte_ctx_swap(),
 * flyte_contextual_run() (SPEC 1.1, 2.6).
 */
#include "api_test.h"

/* --- references --- */

static void *read_and_release(void *held)
{
	const struct flyte_task_context *context = held;
	bool right = !strcmp(context->custom_context.items[1].value, "held");

	flyte_ctx_release(context);
	return right ? held : NULL;
}

static void a_retained_context_outlives_its_scope(void **state)
{
	flyte_token token = enter("kept", "held");
	const struct flyte_task_context *held = flyte_ctx_retain(flyte_ctx_get());

	(void)state;
	assert_ptr_equal(held, flyte_ctx_get());
	assert_int_equal(flyte_context_exit(token), 0);
	for (int i = 0; i < 100; i++) /* would use its memory again */
		flyte_context_exit(enter("other", "scope"));
	assert_string_equal(held->custom_context.items[1].value, "held");
	assert_string_equal(held->custom_context.items[0].key, "increment");
	flyte_ctx_release(held);
	assert_null(flyte_ctx_retain(NULL));
	flyte_ctx_release(NULL);
	assert_ptr_equal(flyte_ctx_retain(flyte_ctx_get()), flyte_ctx_get()); /* the root */
	flyte_ctx_release(flyte_ctx_get());
}

static void a_retained_context_may_be_released_on_another_thread(void **state)
{
	flyte_token outer = enter("outer", "x"), token;
	const struct flyte_task_context *held;
	pthread_t thread;
	void *result;

	(void)state;
	flyte_context_exit(outer);
	token = enter("kept", "held");
	held = flyte_ctx_retain(flyte_ctx_get());
	assert_int_equal(flyte_context_exit(token), 0);
	assert_int_equal(pthread_create(&thread, NULL, read_and_release, (void *)(uintptr_t)held),
			 0);
	pthread_join(thread, &result);
	assert_ptr_equal(result, held);
}

/* --- swap --- */

/* A fiber's context, as its scheduler keeps it. */
static const struct flyte_task_context *new_fiber(const char *name)
{
	flyte_token token = enter("fiber", name);
	const struct flyte_task_context *context = flyte_ctx_retain(flyte_ctx_get());

	flyte_context_exit(token);
	return context;
}

static void two_fibers_take_turns(void **state)
{
	const struct flyte_task_context *mine, *fibers[2] = { new_fiber("A"), new_fiber("B") };
	static const char *const names[] = { "A", "B" };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		mine = flyte_ctx_swap(fibers[i % 2]);
		assert_ptr_equal(flyte_ctx_get(), fibers[i % 2]);
		assert_string_equal(custom("fiber"), names[i % 2]);
		fibers[i % 2] = flyte_ctx_swap(mine);
		assert_string_equal(custom("fiber"), "-");
	}
	assert_string_equal(custom("increment"), "1");
	flyte_ctx_release(fibers[0]);
	flyte_ctx_release(fibers[1]);
}

/* A fiber that enters scopes keeps them over a switch, and its token is good when it is back. */
static void a_fibers_scopes_stay_its_own(void **state)
{
	const struct flyte_task_context *fiber = new_fiber("A"), *mine;
	flyte_token token;

	(void)state;
	mine = flyte_ctx_swap(fiber);
	token = enter("inside", "A");
	fiber = flyte_ctx_swap(mine);
	assert_string_equal(custom("inside"), "-");
	errno = 0;
	assert_int_equal(flyte_context_exit(token), -1);
	assert_int_equal(errno, EINVAL);
	mine = flyte_ctx_swap(fiber);
	assert_string_equal(custom("inside"), "A");
	assert_string_equal(custom("fiber"), "A");
	assert_int_equal(flyte_context_exit(token), 0);
	assert_string_equal(custom("fiber"), "A");
	flyte_ctx_release(flyte_ctx_swap(mine));
	assert_string_equal(custom("fiber"), "-");
}

static void swapping_null_is_outside_of_tasks(void **state)
{
	const struct flyte_task_context *mine = flyte_ctx_swap(NULL);

	(void)state;
	assert_string_equal(mine->action.name, "a0");
	assert_null(flyte_ctx_get());
	assert_string_equal(custom("increment"), "-");
	assert_int_equal(enter("a", "1"), FLYTE_TOKEN_NONE);
	assert_int_equal(flyte_group_enter("g"), FLYTE_TOKEN_NONE);
	assert_null(flyte_ctx_swap(mine));
	assert_string_equal(custom("increment"), "1");
}

static void *run_fiber(void *held)
{
	const struct flyte_task_context *mine = flyte_ctx_swap(held);
	bool right = !strcmp(custom("fiber"), "moved");

	flyte_ctx_release(flyte_ctx_swap(mine));
	return right ? held : NULL;
}

static void a_fiber_may_move_to_another_thread(void **state)
{
	const struct flyte_task_context *fiber = new_fiber("moved");
	pthread_t thread;
	void *result;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, run_fiber, (void *)(uintptr_t)fiber), 0);
	pthread_join(thread, &result);
	assert_ptr_equal(result, fiber);
}

/* --- contextual_run --- */

static int leave_scopes(void *depth)
{
	int *left = depth;

	enter("left", "entered");
	flyte_group_enter("left");
	if ((*left)-- > 0)
		return flyte_contextual_run(leave_scopes, depth) + 1;
	return 40;
}

static void what_a_run_leaves_entered_is_undone(void **state)
{
	const struct flyte_task_context *before = flyte_ctx_get();
	int depth = 0;

	(void)state;
	assert_int_equal(flyte_contextual_run(leave_scopes, &depth), 40);
	assert_ptr_equal(flyte_ctx_get(), before);
	depth = 2;
	assert_int_equal(flyte_contextual_run(leave_scopes, &depth), 42);
	assert_ptr_equal(flyte_ctx_get(), before);
	assert_null(flyte_ctx_get()->group);
}

static int exit_callers(void *token)
{
	int result = flyte_context_exit(*(flyte_token *)token);

	return result == 0 && !strcmp(custom("callers"), "-") ? 7 : 8;
}

static void a_run_may_exit_its_callers_scope_for_itself(void **state)
{
	flyte_token token = enter("callers", "own");

	(void)state;
	assert_int_equal(flyte_contextual_run(exit_callers, &token), 7);
	assert_string_equal(custom("callers"), "own");
	assert_int_equal(flyte_context_exit(token), 0);
	assert_string_equal(custom("callers"), "-");
	assert_int_equal(flyte_context_exit(token), -1);
}

static int see_the_copy(void *unused)
{
	(void)unused;
	return strcmp(custom("callers"), "seen");
}

static void a_run_starts_with_a_copy(void **state)
{
	flyte_token token = enter("callers", "seen");

	(void)state;
	assert_int_equal(flyte_contextual_run(see_the_copy, NULL), 0);
	assert_int_equal(flyte_context_exit(token), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_retained_context_outlives_its_scope),
		cmocka_unit_test(a_retained_context_may_be_released_on_another_thread),
		cmocka_unit_test(two_fibers_take_turns),
		cmocka_unit_test(a_fibers_scopes_stay_its_own),
		cmocka_unit_test(swapping_null_is_outside_of_tasks),
		cmocka_unit_test(a_fiber_may_move_to_another_thread),
		cmocka_unit_test(what_a_run_leaves_entered_is_undone),
		cmocka_unit_test(a_run_may_exit_its_callers_scope_for_itself),
		cmocka_unit_test(a_run_starts_with_a_copy),
	};

	return cmocka_run_group_tests_name("api_references", tests, NULL, NULL);
}
