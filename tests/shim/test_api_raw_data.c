/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim/raw_data_api.c: where a task puts raw data, and how paths are rewritten (SPEC 1.7, 2.5),
 * inside a task and outside one.
 */
#include "api_test.h"

static void no_raw_data_is_enodata(void **state)
{
	char path[64];

	(void)state;
	errno = 0;
	assert_null(flyte_raw_data());
	assert_int_equal(errno, ENODATA);
	errno = 0;
	assert_int_equal(flyte_raw_data_random_path(NULL, path, sizeof(path)), -1);
	assert_int_equal(errno, ENODATA);
}

static void the_contexts_raw_data_is_for_tasks_without(void **state)
{
	flyte_token outer = enter_raw_data("s3://context"), task;

	(void)state;
	assert_true(outer > FLYTE_TOKEN_NONE);
	assert_string_equal(flyte_raw_data()->path, "s3://context");
	task = enter_task_with(NULL);
	assert_string_equal(flyte_raw_data()->path, "s3://context");
	flyte_context_exit(task);
	task = enter_task_with("s3://task");
	assert_string_equal(flyte_raw_data()->path, "s3://task");
	flyte_context_exit(task);
	assert_int_equal(flyte_context_exit(outer), 0);
}

static void the_tasks_raw_data_wins_also_over_a_later_one(void **state)
{
	flyte_token task = enter_task_with("s3://task"), inner = enter_raw_data("s3://later");

	(void)state;
	assert_string_equal(flyte_raw_data()->path, "s3://task");
	flyte_context_exit(inner);
	flyte_context_exit(task);
}

static void an_empty_raw_data_path_counts(void **state)
{
	flyte_token outer = enter_raw_data("s3://context"), task = enter_task_with("");

	(void)state;
	assert_string_equal(flyte_raw_data()->path, "");
	flyte_context_exit(task);
	flyte_context_exit(outer);
	outer = enter_raw_data("");
	assert_true(outer > FLYTE_TOKEN_NONE);
	assert_string_equal(flyte_raw_data()->path, "");
	flyte_context_exit(outer);
}

static void raw_data_without_a_path_is_refused(void **state)
{
	const struct flyte_raw_data_path raw_data = { NULL, { "a", "b" } };

	(void)state;
	errno = 0;
	assert_int_equal(flyte_new_raw_data_path(NULL), 0);
	assert_int_equal(errno, EINVAL);
	errno = 0;
	assert_int_equal(flyte_new_raw_data_path(&raw_data), 0);
	assert_int_equal(errno, EINVAL);
}

/* Both prefixes are set and differ, or neither is there. */
static void a_rewrite_that_makes_no_sense_is_refused(void **state)
{
	static const char *const rewrites[][2] = {
		{ "old", NULL }, { NULL, "new" }, { "old", "" }, { "", "new" }, { "same", "same" },
	};
	const struct flyte_task_context *before = flyte_ctx_get();

	(void)state;
	for (size_t i = 0; i < sizeof(rewrites) / sizeof(*rewrites); i++) {
		struct flyte_raw_data_path raw_data = { .path = "s3://x" };

		raw_data.path_rewrite.old_prefix = rewrites[i][0];
		raw_data.path_rewrite.new_prefix = rewrites[i][1];
		errno = 0;
		assert_int_equal(flyte_new_raw_data_path(&raw_data), 0);
		assert_int_equal(errno, EINVAL);
	}
	assert_ptr_equal(flyte_ctx_get(), before);
}

static void paths_are_rewritten_where_they_start_so(void **state)
{
	struct flyte_raw_data_path raw_data = { "s3://x", { "s3://old/", "/mnt/new/longer/" } };
	flyte_token token = flyte_new_raw_data_path(&raw_data);
	char path[64];

	(void)state;
	assert_int_equal(flyte_path_rewrite("s3://old/a/s3://old/", path, sizeof(path)), 27);
	assert_string_equal(path, "/mnt/new/longer/a/s3://old/");
	assert_int_equal(flyte_path_rewrite("xs3://old/a", path, sizeof(path)), 11);
	assert_string_equal(path, "xs3://old/a");
	assert_int_equal(flyte_path_rewrite("", path, sizeof(path)), 0);
	assert_string_equal(path, "");
	assert_int_equal(flyte_path_rewrite("s3://old/a", path, 6), 17);
	assert_string_equal(path, "/mnt/");
	assert_int_equal(flyte_path_rewrite("s3://old/a", NULL, 0), 17);
	assert_int_equal(flyte_path_rewrite("s3://old/a", NULL, 1), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(flyte_path_rewrite(NULL, path, sizeof(path)), -1);
	flyte_context_exit(token);
	assert_int_equal(flyte_path_rewrite("s3://old/a", path, sizeof(path)), 10);
	assert_string_equal(path, "s3://old/a");
}

static int outside_a_task(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_raw_data_is_enodata),
		cmocka_unit_test(raw_data_without_a_path_is_refused),
		cmocka_unit_test(paths_are_rewritten_where_they_start_so),
	};

	return cmocka_run_group_tests_name("api_raw_data outside a task", tests, NULL, NULL);
}

static int inside_a_task(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_raw_data_is_enodata),
		cmocka_unit_test(the_contexts_raw_data_is_for_tasks_without),
		cmocka_unit_test(the_tasks_raw_data_wins_also_over_a_later_one),
		cmocka_unit_test(an_empty_raw_data_path_counts),
		cmocka_unit_test(raw_data_without_a_path_is_refused),
		cmocka_unit_test(a_rewrite_that_makes_no_sense_is_refused),
		cmocka_unit_test(paths_are_rewritten_where_they_start_so),
	};

	return cmocka_run_group_tests_name("api_raw_data", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	(void)argv;
	return in_and_outside(argc, inside_a_task, outside_a_task);
}
