/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/flyte/internal/runtime/test_task_call_sequence.py, as far as it is about names
 * (SPEC 1.6).
 */
#include "action_names.h"

static void test_action_name_determinism(void **state)
{
	const struct call call = { "def456", "abc123", NULL };
	char first[FLYTE_ACTION_NAME_SIZE], again[FLYTE_ACTION_NAME_SIZE],
		second[FLYTE_ACTION_NAME_SIZE];

	(void)state;
	name_call("a0", &call, 1, first);
	name_call("a0", &call, 1, again);
	name_call("a0", &call, 2, second);
	assert_string_equal(first, again);
	assert_string_not_equal(first, second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_action_name_determinism),
	};

	return cmocka_run_group_tests_name("test_task_call_sequence", tests, be_outside, NULL);
}
