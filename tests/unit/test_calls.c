/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/local/call_count (SPEC 1.6): what is counted apart, and what cannot be counted. That
 * it counts what the SDK counts is in tests/sdk.
 */
#include "checkpoint_test.h"

#include "local/call_count.h"

#include <glob.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "calls_test.h"

static void each_kind_is_counted_from_1(void **state)
{
	const struct call kinds[] = {
		{ "th", "ih", NULL }, { "th2", "ih", NULL }, { "th", "ih2", NULL },
		{ "th", "", NULL },   { "", "", NULL },      { "th", "ih", "group" },
		{ "th", "", "ih2" },
	};

	(void)state;
	for (int64_t number = 1; number <= 3; number++)
		for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
			assert_int_equal(next(&parent, 0, &kinds[i]), number);
}

static void an_empty_group_is_none(void **state)
{
	const struct call empty = { "th", "ih", "" };

	(void)state;
	assert_int_equal(next(&parent, 0, &call), 1);
	assert_int_equal(next(&parent, 0, &empty), 2);
}

static void actions_runs_and_attempts_count_apart(void **state)
{
	struct flyte_task_context others[7];

	(void)state;
	for (size_t i = 0; i < 7; i++)
		others[i] = parent;
	others[1].action.name = "a1";
	others[2].action.run_name = "r1";
	others[3].action.project = "p";
	others[4].action.domain = "p";
	others[5].action.org = "p";
	others[6].run_base_dir = "p";
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(next(&others[i], 0, &call), 1);
	assert_int_equal(next(&parent, 1, &call), 1);
	assert_int_equal(next(&parent, 0, &call), 2);
}

static void a_run_without_a_name_has_that_of_its_action(void **state)
{
	struct flyte_task_context named = { .action = { .name = "a0", .run_name = "a0" } };
	struct flyte_task_context unnamed = { .action = { .name = "a0" } };

	(void)state;
	assert_int_equal(next(&named, 0, &call), 1);
	assert_int_equal(next(&unnamed, 0, &call), 2);
}

static void a_new_attempt_begins_at_1(void **state)
{
	(void)state;
	assert_int_equal(next(&parent, 0, &call), 1);
	assert_int_equal(next(&parent, 1, &call), 1);
	call_count_forget(&parent, 0);
	assert_int_equal(next(&parent, 0, &call), 1);
	assert_int_equal(next(&parent, 1, &call), 2);
}

static void forgetting_makes_nothing(void **state)
{
	(void)state;
	call_count_forget(&parent, 0);
	assert_int_equal(access(getenv("FLYTECTX_WORKSPACE"), F_OK), -1);
}

/* --- failures --- */

static void what_can_not_be_counted_is_an_error(void **state)
{
	struct error error;

	(void)state;
	write_file("file", "", 0);
	setenv("FLYTECTX_WORKSPACE", "file", 1);
	assert_int_equal(call_count_next(&parent, 0, &call, &error), -1);
	setenv("FLYTECTX_WORKSPACE", "broken", 1);
	assert_int_equal(mkdir("broken", 0700), 0);
	write_file("broken/calls", "", 0);
	assert_int_equal(call_count_next(&parent, 0, &call, &error), -1);
	assert_non_null(strstr(error.text, "can't count the calls there: Not a directory"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(each_kind_is_counted_from_1, new_workspace),
		cmocka_unit_test_setup(an_empty_group_is_none, new_workspace),
		cmocka_unit_test_setup(actions_runs_and_attempts_count_apart, new_workspace),
		cmocka_unit_test_setup(a_run_without_a_name_has_that_of_its_action, new_workspace),
		cmocka_unit_test_setup(a_new_attempt_begins_at_1, new_workspace),
		cmocka_unit_test_setup(forgetting_makes_nothing, new_workspace),
		cmocka_unit_test_setup(what_can_not_be_counted_is_an_error, new_workspace),
	};

	return cmocka_run_group_tests_name("test_calls", tests, enter_scratch, leave_scratch);
}
