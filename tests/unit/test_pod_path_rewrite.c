/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/pod_env: the path rewrite of a pod (SPEC 1.4).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pod_env_test.h"

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
		cmocka_unit_test(a_path_rewrite_is_cut_at_its_arrow),
		cmocka_unit_test(what_is_no_path_rewrite_is_ignored),
		cmocka_unit_test(a_path_rewrite_names_the_mount_that_it_needs),
		cmocka_unit_test(a_pod_without_a_path_rewrite_needs_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
