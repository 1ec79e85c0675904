/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/pod_env: the context of a pod that Flyte started, from the variables that
 * the backend sets there (SPEC 1, table; SPEC 3, "in a pod, LD_PRELOAD alone is enough").
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "context/pod_env.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

/* What a pod's environment makes; `memory` is of exactly the size that was asked for. */
struct made {
	struct context context;
	char *memory;
};

static struct pod_env noted(const char *const entries[], size_t count)
{
	struct pod_env pod = { 0 };

	for (size_t i = 0; i < count; i++)
		pod_env_note(&pod, entries[i]);
	return pod;
}

static struct made make(const char *const entries[], size_t count)
{
	struct pod_env pod = noted(entries, count);
	struct made made = { .memory = malloc(pod_env_memory(&pod)) };

	assert_true(pod_env_is_task(&pod));
	pod_env_context(&pod, made.memory, &made.context);
	return made;
}

/* The path rewrite of a pod with this entry, as "old new"; "" if there is none. */
static void assert_rewrite(const char *entry, const char *old_prefix, const char *new_prefix)
{
	const char *const entries[] = { "ACTION_NAME=a0", entry };
	struct made made = make(entries, 2);
	const char *old_made = made.context.task.raw_data_path.path_rewrite.old_prefix;
	const char *new_made = made.context.task.raw_data_path.path_rewrite.new_prefix;

	if (!old_prefix) {
		assert_null(old_made);
		assert_null(new_made);
	} else {
		assert_non_null(old_made);
		assert_non_null(new_made);
		assert_string_equal(old_made, old_prefix);
		assert_string_equal(new_made, new_prefix);
	}
	free(made.memory);
}

static const char *const v2_pod[] = {
	"PATH=/usr/bin",
	"FLYTE_INTERNAL_EXECUTION_ID=r7k2x9",
	"FLYTE_INTERNAL_EXECUTION_PROJECT=flytesnacks",
	"FLYTE_INTERNAL_EXECUTION_DOMAIN=development",
	"FLYTE_INTERNAL_TASK_NAME=train",
	"FLYTE_ATTEMPT_NUMBER=2",
	"ACTION_NAME=a0",
	"RUN_NAME=run1",
	"_U_ORG_NAME=acme",
	"_U_RUN_BASE=s3://data/run1",
	"_F_PATH_REWRITE=s3://raw->/mnt/raw",
	"HOME=/root",
};

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
	assert_string_equal(task->raw_data_path.path_rewrite.old_prefix, "s3://raw");
	assert_string_equal(task->raw_data_path.path_rewrite.new_prefix, "/mnt/raw");
	assert_string_equal(made.context.attempt_number, "2");
	free(made.memory);
}

/* SPEC 1: remote in a pod; task_action = action */
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
	assert_null(task->version);
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

/* SPEC 1: v1 pods: FLYTE_INTERNAL_EXECUTION_ID */
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

/* As the SDK reads it: exactly one arrow, both sides set and different, no blanks trimmed. */
static void a_path_rewrite_is_cut_at_its_arrow(void **state)
{
	(void)state;
	assert_rewrite("_F_PATH_REWRITE=s3://raw->/mnt/raw", "s3://raw", "/mnt/raw");
	assert_rewrite("_F_PATH_REWRITE=a->b", "a", "b");
	assert_rewrite("_F_PATH_REWRITE= a -> b ", " a ", " b ");
	assert_rewrite("_F_PATH_REWRITE=a-->b", "a-", "b");
	assert_rewrite("_F_PATH_REWRITE=a->>b", "a", ">b");
	assert_rewrite("_F_PATH_REWRITE=a->b-", "a", "b-");
	assert_rewrite("_F_PATH_REWRITE=a->ab", "a", "ab");
	assert_rewrite("_F_PATH_REWRITE=\xff->\xc3", "\xff", "\xc3");
}

static void what_is_no_path_rewrite_is_ignored(void **state)
{
	static const char *const rows[] = {
		"_F_PATH_REWRITE=a",      "_F_PATH_REWRITE=a-b",    "_F_PATH_REWRITE=a>b",
		"_F_PATH_REWRITE=a- >b",  "_F_PATH_REWRITE=->",     "_F_PATH_REWRITE=->b",
		"_F_PATH_REWRITE=a->",    "_F_PATH_REWRITE=a->a",   "_F_PATH_REWRITE=a->b->c",
		"_F_PATH_REWRITE=a->->b", "_F_PATH_REWRITE=->a->b", "_F_PATH_REWRITE=a->b->",
		"_F_PATH_REWRITE=-",      "_F_PATH_REWRITE=",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_rewrite(rows[i], NULL, NULL);
}

static const char *mount_of(const char *entry)
{
	const char *const entries[] = { "ACTION_NAME=a0", entry };
	struct made made = make(entries, 2);
	const char *mount = pod_env_mount(&made.context);
	static char kept[32];

	if (mount)
		strcpy(kept, mount);
	free(made.memory);
	return mount ? kept : "none";
}

/* Contract 1, PathRewrite: active only where the new prefix exists. */
static void a_path_rewrite_names_the_mount_that_it_needs(void **state)
{
	struct made made = make(v2_pod, ROWS(v2_pod));

	(void)state;
	assert_string_equal(mount_of("_F_PATH_REWRITE=s3://raw->/mnt/raw"), "/mnt/raw");
	assert_string_equal(mount_of("_F_PATH_REWRITE=s3://raw->file:///mnt"), "/mnt");
	assert_string_equal(mount_of("_F_PATH_REWRITE=s3://raw->gs://other"), "none");
	assert_string_equal(mount_of("_F_PATH_REWRITE=s3://raw"), "none");
	pod_env_drop_rewrite(&made.context);
	assert_null(made.context.task.raw_data_path.path_rewrite.old_prefix);
	assert_null(made.context.task.raw_data_path.path_rewrite.new_prefix);
	assert_string_equal(made.context.task.action.name, "a0");
	free(made.memory);
}

static void a_pod_without_a_path_rewrite_needs_no_memory(void **state)
{
	struct pod_env pod = noted(v2_pod, ROWS(v2_pod));
	struct pod_env without = noted(v2_pod, 10);

	(void)state;
	assert_int_equal(pod_env_memory(&pod), strlen("s3://raw->/mnt/raw") + 1);
	assert_int_equal(pod_env_memory(&without), 0);
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
		cmocka_unit_test(a_path_rewrite_is_cut_at_its_arrow),
		cmocka_unit_test(what_is_no_path_rewrite_is_ignored),
		cmocka_unit_test(a_path_rewrite_names_the_mount_that_it_needs),
		cmocka_unit_test(a_pod_without_a_path_rewrite_needs_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
