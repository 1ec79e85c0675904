/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/user_api/test_custom_context.py: what a program sees of the custom context
 * outside a task and in a run of its own (SPEC 2.1).
 */
#include "run_task.h"

static void test_get_custom_context_outside_task(void **state)
{
	flyte_token token;

	(void)state;
	assert_null(flyte_ctx_get());
	assert_null(flyte_custom_context_get("project"));
	/* As upstream's, entering is a silent no-op there. */
	token = flyte_custom_context_enter(&(struct flyte_pair) { "project", "p" }, 1);
	assert_int_equal(token, FLYTE_TOKEN_NONE);
	assert_null(flyte_custom_context_get("project"));
	leave(token);
	assert_child("custom_context", "outside");
}

static void test_get_custom_context_inside_task(void **state)
{
	const char *const options[] = { NULL };
	char output[OUTPUT_SIZE];

	(void)state;
	assert_string_equal(run_task(options, "custom_context", output), "");
}

static void task_sets_context(void)
{
	char text[OUTPUT_SIZE];

	FLYTE_CUSTOM_CONTEXT ("project", "my-project", "entity", "my-entity") {
		puts(custom_context(text));
	}
}

static void test_custom_context_sets_values(void **state)
{
	const char *const options[] = { NULL };
	char output[OUTPUT_SIZE];

	(void)state;
	assert_string_equal(run_task(options, "task_sets_context", output),
			    "project=my-project entity=my-entity");
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_get_custom_context_outside_task),
		cmocka_unit_test(test_get_custom_context_inside_task),
		cmocka_unit_test(test_custom_context_sets_values),
	};

	if (argc == 1)
		return cmocka_run_group_tests_name("test_custom_context", tests, be_outside, NULL);
	if (strcmp(argv[1], "task_sets_context") != 0)
		return report(argv[1]);
	task_sets_context();
	return 0;
}
