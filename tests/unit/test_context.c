/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/context: what follows from other members of a context (SPEC 1.2).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "context/context.h"

/* SPEC 1.3: run_name defaults to name */
static void an_unset_run_name_is_the_name(void **state)
{
	struct context context = { .task.action.name = "a0" };

	(void)state;
	context_complete(&context);
	assert_string_equal(context.task.action.run_name, "a0");
}

static void a_set_run_name_stays(void **state)
{
	struct context context = { .task.action = { .name = "a0", .run_name = "" } };

	(void)state;
	context_complete(&context);
	assert_string_equal(context.task.action.run_name, "");
}

/* SPEC 1.3: task_action = action */
static void an_unset_task_action_is_the_action(void **state)
{
	struct context context = {
		.task.action = { "a0", "run", "project", "domain", "org" },
	};

	(void)state;
	context_complete(&context);
	assert_memory_equal(&context.task.task_action, &context.task.action,
			    sizeof(struct flyte_action_id));
}

static void a_set_task_action_stays(void **state)
{
	struct context context = {
		.task = { .action = { .name = "sub", .run_name = "run", .org = "org" },
			  .task_action = { .name = "task" } },
	};

	(void)state;
	context_complete(&context);
	assert_string_equal(context.task.task_action.name, "task");
	assert_string_equal(context.task.task_action.run_name, "task");
	assert_null(context.task.task_action.org);
}

static void a_task_action_without_a_name_is_none(void **state)
{
	struct context context = {
		.task = { .action.name = "a0", .task_action = { .run_name = "r", .org = "o" } },
	};

	(void)state;
	context_complete(&context);
	assert_string_equal(context.task.task_action.name, "a0");
	assert_string_equal(context.task.task_action.run_name, "a0");
	assert_null(context.task.task_action.org);
}

/* SPEC 1.2: old->new pair */
static void half_a_path_rewrite_is_none(void **state)
{
	struct context old_only = { .task.raw_data_path.path_rewrite.old_prefix = "s3://a" };
	struct context new_only = { .task.raw_data_path.path_rewrite.new_prefix = "/mnt/a" };

	(void)state;
	context_complete(&old_only);
	context_complete(&new_only);
	assert_null(old_only.task.raw_data_path.path_rewrite.old_prefix);
	assert_null(new_only.task.raw_data_path.path_rewrite.new_prefix);
}

static void a_whole_path_rewrite_stays(void **state)
{
	struct context context = {
		.task.raw_data_path.path_rewrite = { "s3://a", "/mnt/a" },
	};

	(void)state;
	context_complete(&context);
	assert_string_equal(context.task.raw_data_path.path_rewrite.old_prefix, "s3://a");
	assert_string_equal(context.task.raw_data_path.path_rewrite.new_prefix, "/mnt/a");
}

static void the_size_is_that_of_this_header(void **state)
{
	struct context context = { 0 };

	(void)state;
	context_complete(&context);
	assert_int_equal(context.task.size, sizeof(struct flyte_task_context));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unset_run_name_is_the_name),
		cmocka_unit_test(a_set_run_name_stays),
		cmocka_unit_test(an_unset_task_action_is_the_action),
		cmocka_unit_test(a_set_task_action_stays),
		cmocka_unit_test(a_task_action_without_a_name_is_none),
		cmocka_unit_test(half_a_path_rewrite_is_none),
		cmocka_unit_test(a_whole_path_rewrite_stays),
		cmocka_unit_test(the_size_is_that_of_this_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
