/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/flyte/internal/runtime/test_action_name_stability.py, as far as it is about
 * names (SPEC 1.6). The hashes that go into them are the SDK's, from its task templates.
 */
#include "action_names.h"

static void test_action_name_stable_across_code_bundle_changes(void **state)
{
	const struct call call = { "identity", "abc123", NULL };
	struct flyte_task_context task = fixture();
	struct names first = simulate_run("parent", &call, 1), second;
	flyte_token token;

	(void)state;
	/* The version of the task is not in the name, nor anything else of its context. */
	task.version = "v2";
	token = enter_task(task);
	second = simulate_run("parent", &call, 1);
	leave(token);
	assert_string_equal(first.name[0], second.name[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_action_name_stable_across_code_bundle_changes),
	};

	return cmocka_run_group_tests_name("test_action_name_stability", tests, be_outside, NULL);
}
