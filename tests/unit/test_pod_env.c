/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/pod_env: the context of a pod that Flyte started, from the variables that
 * the backend sets there (SPEC 1.4).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pod_env_test.h"

static void a_v2_pod_is_a_task(void **state)
{
	struct made made = make(v2_pod, ROWS(v2_pod));
	const struct flyte_task_context *task = &made.context.task;

	(void)state;
	assert_string_equal(task->action.name, "a0");
	assert_string_equal(task->action.run_name, "run1");
	assert_string_equal(task->action.project, "flytesnacks");
	assert_string_equal(task->action.domain, "development");
	assert_string_equal(task->action.org, "acme");
	assert_string_equal(task->run_base_dir, "s3://data/run1");
	assert_string_equal(task->task_name, "train");
	assert_string_equal(task->version, "v3");
	assert_string_equal(task->raw_data_path.path_rewrite.old_prefix, "s3://raw");
	assert_string_equal(task->raw_data_path.path_rewrite.new_prefix, "/mnt/raw");
	assert_string_equal(made.context.attempt_number, "2");
	free(made.memory);
}

/* SPEC 1.3: remote in a pod; task_action = action */
static void a_pod_is_remote_and_its_task_is_its_action(void **state)
{
	struct made made = make(v2_pod, ROWS(v2_pod));
	const struct flyte_task_context *task = &made.context.task;

	(void)state;
	assert_int_equal(task->mode, FLYTE_MODE_REMOTE);
	assert_int_equal(task->size, sizeof(*task));
	assert_memory_equal(&task->task_action, &task->action, sizeof(task->action));
	free(made.memory);
}

static void what_the_environment_does_not_know_is_unset(void **state)
{
	struct made made = make(v2_pod, ROWS(v2_pod));
	const struct flyte_task_context *task = &made.context.task;

	(void)state;
	assert_null(task->input_path);
	assert_null(task->output_path);
	assert_null(task->raw_data_path.path);
	assert_null(task->checkpoint_paths.checkpoint_path);
	assert_null(task->group);
	assert_true(task->run_start_time == 0);
	assert_int_equal(task->custom_context.count, 0);
	assert_int_equal(made.context.unknown.length, 0);
	free(made.memory);
}

/* SPEC 1.4: v1 pods: FLYTE_INTERNAL_EXECUTION_ID */
static void a_v1_pod_is_named_by_its_execution(void **state)
{
	static const char *const entries[] = {
		"FLYTE_INTERNAL_EXECUTION_ID=f3a9",
		"FLYTE_INTERNAL_EXECUTION_PROJECT=flytesnacks",
		"FLYTE_INTERNAL_EXECUTION_DOMAIN=production",
		"FLYTE_ATTEMPT_NUMBER=0",
	};
	struct made made = make(entries, ROWS(entries));
	const struct flyte_task_context *task = &made.context.task;

	(void)state;
	assert_string_equal(task->action.name, "f3a9");
	assert_string_equal(task->action.run_name, "f3a9");
	assert_string_equal(task->action.project, "flytesnacks");
	assert_string_equal(task->action.domain, "production");
	assert_null(task->action.org);
	assert_null(task->run_base_dir);
	assert_string_equal(made.context.attempt_number, "0");
	free(made.memory);
}

static void the_run_name_is_the_execution_where_none_is_given(void **state)
{
	static const char *const entries[] = { "ACTION_NAME=a0", "FLYTE_INTERNAL_EXECUTION_ID=r1" };
	struct made with = make(entries, 2), without = make(entries, 1);

	(void)state;
	assert_string_equal(with.context.task.action.run_name, "r1");
	assert_string_equal(without.context.task.action.run_name, "a0");
	free(with.memory);
	free(without.memory);
}

static void an_environment_that_names_neither_is_no_task(void **state)
{
	static const char *const entries[] = {
		"RUN_NAME=run1",
		"FLYTE_INTERNAL_EXECUTION_PROJECT=flytesnacks",
		"_U_RUN_BASE=s3://data",
		"FLYTE_ATTEMPT_NUMBER=0",
	};
	struct pod_env none = noted(NULL, 0), others = noted(entries, ROWS(entries));

	(void)state;
	assert_false(pod_env_is_task(&none));
	assert_false(pod_env_is_task(&others));
}

static void an_empty_variable_is_unset(void **state)
{
	static const char *const not_a_task[] = { "ACTION_NAME=", "FLYTE_INTERNAL_EXECUTION_ID=" };
	static const char *const entries[] = {
		"FLYTE_INTERNAL_EXECUTION_ID=f3a9",
		"ACTION_NAME=",
		"RUN_NAME=",
		"FLYTE_INTERNAL_EXECUTION_PROJECT=",
		"FLYTE_INTERNAL_EXECUTION_DOMAIN=",
		"_U_ORG_NAME=",
		"_U_RUN_BASE=",
		"FLYTE_ATTEMPT_NUMBER=",
		"_F_PATH_REWRITE=",
	};
	struct pod_env pod = noted(not_a_task, ROWS(not_a_task));
	struct made made = make(entries, ROWS(entries));

	(void)state;
	assert_false(pod_env_is_task(&pod));
	assert_string_equal(made.context.task.action.name, "f3a9");
	assert_string_equal(made.context.task.action.run_name, "f3a9");
	assert_null(made.context.task.action.project);
	assert_null(made.context.task.action.domain);
	assert_null(made.context.task.action.org);
	assert_null(made.context.task.run_base_dir);
	assert_null(made.context.attempt_number);
	assert_null(made.context.task.raw_data_path.path_rewrite.old_prefix);
	free(made.memory);
}

static void the_first_of_a_name_counts(void **state)
{
	static const char *const entries[] = { "ACTION_NAME=a0", "ACTION_NAME=a1" };
	struct made made = make(entries, ROWS(entries));

	(void)state;
	assert_string_equal(made.context.task.action.name, "a0");
	free(made.memory);
}

static void names_that_only_resemble_ours_are_not_noted(void **state)
{
	static const char *const entries[] = {
		"ACTION_NAME",
		"action_name=a0",
		"MY_ACTION_NAME=a0",
		"ACTION_NAMES=a0",
		"ACTION_NAM=a0",
		" ACTION_NAME=a0",
		"",
		"=",
		"FLYTE_INTERNAL_EXECUTION_IDS=f",
		"FLYTE_INTERNAL_EXECUTION_=f",
		"FLYTE_INTERNAL_EXECUTION_WORKFLOW=f",
	};
	struct pod_env pod = noted(entries, ROWS(entries));

	(void)state;
	assert_memory_equal(&pod, &(struct pod_env) { 0 }, sizeof(pod));
}

static void values_are_borrowed_as_they_are(void **state)
{
	static const char *const entries[] = { "ACTION_NAME=a=b \xff\n" };
	struct made made = make(entries, 1);

	(void)state;
	assert_ptr_equal(made.context.task.action.name, entries[0] + strlen("ACTION_NAME="));
	free(made.memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_v2_pod_is_a_task),
		cmocka_unit_test(a_pod_is_remote_and_its_task_is_its_action),
		cmocka_unit_test(what_the_environment_does_not_know_is_unset),
		cmocka_unit_test(a_v1_pod_is_named_by_its_execution),
		cmocka_unit_test(the_run_name_is_the_execution_where_none_is_given),
		cmocka_unit_test(an_environment_that_names_neither_is_no_task),
		cmocka_unit_test(an_empty_variable_is_unset),
		cmocka_unit_test(the_first_of_a_name_counts),
		cmocka_unit_test(names_that_only_resemble_ours_are_not_noted),
		cmocka_unit_test(values_are_borrowed_as_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
