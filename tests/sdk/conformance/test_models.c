/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/flyte/test_models.py: the real task inside traces, and what a path rewrite
 * looks like (SPEC 1.2).
 */
#include "run_task.h"

static struct flyte_action_id action(const char *name)
{
	return (struct flyte_action_id) { name, "r", "p", "d", "o" };
}

static void assert_actions(const char *name, const char *task_name)
{
	const struct flyte_task_context *context = flyte_ctx_get();

	assert_string_equal(context->action.name, name);
	assert_string_equal(context->action.run_name, "r");
	assert_string_equal(context->task_action.name, task_name);
	assert_string_equal(context->task_action.run_name, "r");
	assert_string_equal(context->task_action.project, "p");
	assert_string_equal(context->task_action.domain, "d");
	assert_string_equal(context->task_action.org, "o");
}

static void test_task_context_replace_preserves_task_action(void **state)
{
	struct flyte_action_id trace = action("trace_pseudo_action");
	struct flyte_action_id deeper = action("deeper_pseudo");
	struct flyte_task_context task = fixture();
	flyte_token token, outer, inner;

	(void)state;
	task.action = task.task_action = action("real_container_action");
	token = enter_task(task);
	outer = flyte_trace_enter(&trace);
	assert_true(outer > FLYTE_TOKEN_NONE);
	assert_actions("trace_pseudo_action", "real_container_action");
	inner = flyte_trace_enter(&deeper);
	assert_true(inner > FLYTE_TOKEN_NONE);
	assert_actions("deeper_pseudo", "real_container_action");
	leave(inner);
	assert_actions("trace_pseudo_action", "real_container_action");
	leave(outer);
	/* And with a copy whose action is another, as upstream's test has it. */
	task = *flyte_ctx_get();
	task.action = trace;
	outer = enter_task(task);
	assert_actions("trace_pseudo_action", "real_container_action");
	leave(outer);
	leave(token);
}

static void test_task_context_task_action_defaults_to_action(void **state)
{
	struct flyte_task_context task = fixture();
	flyte_token token;

	(void)state;
	task.action = (struct flyte_action_id) { .name = "a" };
	token = enter_task(task);
	assert_string_equal(flyte_ctx_get()->task_action.name, "a");
	assert_string_equal(flyte_ctx_get()->task_action.run_name, "a");
	assert_string_equal(flyte_ctx_get()->action.run_name, "a");
	leave(token);
}

/* "OLD NEW", or "-". */
static void print_rewrite(void)
{
	const struct flyte_task_context *context = flyte_ctx_get();

	if (!context->raw_data_path.path_rewrite.old_prefix)
		puts("-");
	else
		printf("%s %s\n", context->raw_data_path.path_rewrite.old_prefix,
		       context->raw_data_path.path_rewrite.new_prefix);
}

static void assert_rewrite(const char *pattern, const char *expected)
{
	const char *const options[] = { NULL };
	char output[OUTPUT_SIZE];

	setenv("ACTION_NAME", "a0", 1);
	setenv("_F_PATH_REWRITE", pattern, 1);
	run_task(options, "print_rewrite", output);
	unsetenv("_F_PATH_REWRITE");
	unsetenv("ACTION_NAME");
	assert_string_equal(output, expected);
}

/* A pattern that is none is no rewrite; it does not make the task fail. One to nowhere is inactive.
 */
static void test_path_rewrite(void **state)
{
	(void)state;
	assert_rewrite("s3://old_prefix:/tmp/new_prefix", "-");
	assert_rewrite("s3://old_prefix-/tmp/new_prefix", "-");
	assert_rewrite("s3://old_prefix/tmp/new_prefix", "-");
	assert_rewrite("s3://old_prefix- >/tmp/new_prefix", "-");
	assert_rewrite("s3://old_prefix/->/tmp/", "s3://old_prefix/ /tmp/");
	assert_rewrite("s3://old_prefix/->/no/such/", "-");
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_task_context_replace_preserves_task_action),
		cmocka_unit_test(test_task_context_task_action_defaults_to_action),
		cmocka_unit_test(test_path_rewrite),
	};

	if (argc == 1)
		return cmocka_run_group_tests_name("test_models", tests, be_outside, NULL);
	if (strcmp(argv[1], "print_rewrite") != 0 || !flyte_ctx_get())
		return 1;
	print_rewrite();
	return 0;
}
