/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What flyte_ctx.h does outside of a task (SPEC 1.8, 2.1).
 */
#include <limits.h>

#include "api_test.h"

static void there_is_no_context_outside(void **state)
{
	(void)state;
	assert_null(flyte_ctx_get());
	assert_null(flyte_custom_context_get("increment"));
	assert_null(flyte_ctx_retain(NULL));
	assert_null(flyte_ctx_swap(NULL));
	assert_int_equal(flyte_attempt_number(), 0);
}

static void entering_outside_is_a_no_op_where_it_needs_a_task(void **state)
{
	const struct flyte_action_id action = { .name = "t" };

	(void)state;
	assert_int_equal(enter("a", "1"), FLYTE_TOKEN_NONE);
	assert_int_equal(flyte_group_enter("g"), FLYTE_TOKEN_NONE);
	assert_int_equal(flyte_trace_enter(&action), FLYTE_TOKEN_NONE);
	assert_int_equal(flyte_context_exit(FLYTE_TOKEN_NONE), 0);
	assert_null(flyte_ctx_get());
	errno = 0;
	assert_int_equal(flyte_context_exit(99), -1);
	assert_int_equal(errno, EINVAL);
}

static void raw_data_outside_is_the_contexts(void **state)
{
	flyte_token token = enter_raw_data("s3://outside");
	char path[PATH_MAX];

	(void)state;
	assert_true(token > FLYTE_TOKEN_NONE);
	assert_null(flyte_ctx_get());
	assert_string_equal(flyte_raw_data()->path, "s3://outside");
	assert_int_equal(flyte_raw_data_random_path("f", path, sizeof(path)), 12 + 1 + 32 + 2);
	check_random_path(path, "s3://outside", "/f");
	assert_int_equal(flyte_context_exit(token), 0);
	assert_null(flyte_raw_data());
}

/* Both at once, and one after the other: neither takes the other away. */
static void raw_data_and_metadata_outside_keep_each_other(void **state)
{
	flyte_token raw_data = enter_raw_data("s3://outside"),
		    metadata = flyte_new_metadata(two, 2);

	(void)state;
	assert_string_equal(flyte_raw_data()->path, "s3://outside");
	assert_int_equal(flyte_metadata()->count, 2);
	assert_int_equal(flyte_context_exit(metadata), 0);
	assert_int_equal(flyte_metadata()->count, 0);
	assert_string_equal(flyte_raw_data()->path, "s3://outside");
	assert_int_equal(flyte_context_exit(raw_data), 0);
}

static int become_a_task(void *unused)
{
	struct flyte_task_context task = { .size = sizeof(task), .action.name = "made" };

	(void)unused;
	if (flyte_replace_task_context(&task) <= FLYTE_TOKEN_NONE || !flyte_ctx_get())
		return 1;
	return enter("a", "1") > FLYTE_TOKEN_NONE && !strcmp(custom("a"), "1") ? 0 : 2;
}

static void a_run_outside_may_become_a_task(void **state)
{
	(void)state;
	assert_int_equal(flyte_contextual_run(become_a_task, NULL), 0);
	assert_null(flyte_ctx_get());
	assert_int_equal(enter("a", "1"), FLYTE_TOKEN_NONE);
}

static void a_task_may_be_entered_and_left_outside(void **state)
{
	flyte_token raw_data = enter_raw_data("s3://outside"), task = enter_task_with(NULL);

	(void)state;
	assert_true(task > FLYTE_TOKEN_NONE);
	assert_string_equal(flyte_ctx_get()->action.name, "with");
	assert_string_equal(flyte_raw_data()->path, "s3://outside");
	assert_int_equal(flyte_context_exit(task), 0);
	assert_null(flyte_ctx_get());
	assert_int_equal(flyte_context_exit(raw_data), 0);
}

static int outside_a_task(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_is_no_context_outside),
		cmocka_unit_test(entering_outside_is_a_no_op_where_it_needs_a_task),
		cmocka_unit_test(raw_data_outside_is_the_contexts),
		cmocka_unit_test(raw_data_and_metadata_outside_keep_each_other),
		cmocka_unit_test(a_run_outside_may_become_a_task),
		cmocka_unit_test(a_task_may_be_entered_and_left_outside),
	};

	return cmocka_run_group_tests_name("api_outside outside a task", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	(void)argv;
	return argc == 2 ? outside_a_task() : again_in(NULL, "outside");
}
