/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/flyte/local_controller/test_task_action_lineage.py: what is recorded of a trace
 * belongs to the real task, which is task_action (SPEC 1.3).
 */
#include "conformance.h"

static void assert_lineage(const char *name, const char *task_name)
{
	assert_string_equal(flyte_ctx_get()->action.name, name);
	assert_string_equal(flyte_ctx_get()->task_action.name, task_name);
	assert_child("task_action", task_name);
}

static void test_local_trace_reparents_to_task_action_inside_trace(void **state)
{
	struct flyte_task_context task = fixture();
	flyte_token token;

	(void)state;
	task.action.name = "outer_trace_action";
	task.task_action.name = "real_container_action";
	token = enter_task(task);
	assert_lineage("outer_trace_action", "real_container_action");
	leave(token);
}

static void test_local_trace_parent_is_action_for_regular_task(void **state)
{
	struct flyte_task_context task = fixture();
	flyte_token token;

	(void)state;
	task.action.name = "real_task";
	token = enter_task(task);
	assert_lineage("real_task", "real_task");
	leave(token);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_local_trace_reparents_to_task_action_inside_trace),
		cmocka_unit_test(test_local_trace_parent_is_action_for_regular_task),
	};

	if (argc == 1)
		return cmocka_run_group_tests_name("test_task_action_lineage", tests, be_outside,
						   NULL);
	if (strcmp(argv[1], "task_action") != 0 || !flyte_ctx_get())
		return 1;
	puts(flyte_ctx_get()->task_action.name);
	return 0;
}
