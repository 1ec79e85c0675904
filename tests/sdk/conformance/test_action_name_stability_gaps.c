/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/flyte/internal/runtime/test_action_name_stability_gaps.py, as far as it is
 * about names (SPEC 1.6): two runs of the same calls have the same names, in whatever order the
 * calls arrive.
 */
#include "action_names.h"

#define TASK   "task-identity-hash"
#define INPUTS "inputs-hash"

static void test_same_call_in_two_groups_scheduling_order_insensitive(void **state)
{
	const struct call run1[] = { { TASK, INPUTS, "group_a" }, { TASK, INPUTS, "group_b" } };
	const struct call run2[] = { { TASK, INPUTS, "group_b" }, { TASK, INPUTS, "group_a" } };

	(void)state;
	assert_same_names(run1, run2, 2);
}

static void test_grouped_and_ungrouped_call_scheduling_order_insensitive(void **state)
{
	const struct call run1[] = { { TASK, INPUTS, "group_a" }, { TASK, INPUTS, NULL } };
	const struct call run2[] = { { TASK, INPUTS, NULL }, { TASK, INPUTS, "group_a" } };

	(void)state;
	assert_same_names(run1, run2, 2);
}

static void test_two_named_maps_over_same_items_scheduling_order_insensitive(void **state)
{
	const struct call a = { TASK, "item_hash_1", "t_map_a" };
	const struct call b = { TASK, "item_hash_1", "t_map_b" };
	const struct call run1[] = { a, a, b, b }, run2[] = { b, a, b, a };

	(void)state;
	assert_same_names(run1, run2, 4);
}

static void test_distinct_items_stable_regardless_of_completion_order(void **state)
{
	const struct call a = { TASK, "item_hash_1", "t_map" };
	const struct call b = { TASK, "item_hash_2", "t_map" };
	const struct call c = { TASK, "item_hash_3", "t_map" };
	const struct call run1[] = { a, b, c }, run2[] = { c, b, a };

	(void)state;
	assert_same_names(run1, run2, 3);
}

static void test_duplicate_items_within_one_map_interchangeable(void **state)
{
	const struct call a = { TASK, "item_hash_1", "t_map" };
	const struct call b = { TASK, "item_hash_2", "t_map" };
	const struct call run1[] = { a, a, a, b }, run2[] = { b, a, a, a };

	(void)state;
	assert_same_names(run1, run2, 4);
}

static void test_counters_scoped_per_parent_action(void **state)
{
	const struct call call = { TASK, INPUTS, NULL };
	int run = new_run();
	flyte_token token = enter_run("parent1", run);

	(void)state;
	assert_int_equal(count_call(&call), 1);
	assert_int_equal(count_call(&call), 2);
	leave(token);
	token = enter_run("parent2", run);
	assert_int_equal(count_call(&call), 1);
	leave(token);
}

static void test_different_call_keys_do_not_share_counters(void **state)
{
	const struct call first = { TASK, "inputs1", NULL }, second = { TASK, "inputs2", NULL };
	flyte_token token = enter_run("parent", new_run());

	(void)state;
	assert_int_equal(count_call(&first), 1);
	assert_int_equal(count_call(&second), 1);
	leave(token);
}

static void test_same_call_key_increments(void **state)
{
	const struct call call = { TASK, INPUTS, NULL };
	flyte_token token = enter_run("parent", new_run());

	(void)state;
	for (uint64_t number = 1; number <= 3; number++)
		assert_int_equal(count_call(&call), number);
	leave(token);
}

/* A new attempt of the parent counts from 1. */
static void test_clear_resets_parent(void **state)
{
	const struct call call = { TASK, INPUTS, NULL };
	flyte_token token = enter_run("parent", new_run());

	(void)state;
	assert_int_equal(count_call(&call), 1);
	assert_int_equal(count_call(&call), 2);
	setenv("FLYTE_ATTEMPT_NUMBER", "1", 1);
	assert_int_equal(count_call(&call), 1);
	unsetenv("FLYTE_ATTEMPT_NUMBER");
	leave(token);
}

static void test_appending_an_identical_call_preserves_existing_names(void **state)
{
	const struct call call = { TASK, INPUTS, NULL };
	const struct call calls[] = { call, call, call };
	struct names run1 = simulate_run("parent", calls, 2);
	struct names run2 = simulate_run("parent", calls, 3);

	(void)state;
	assert_string_equal(run1.name[0], run2.name[0]);
	assert_string_equal(run1.name[1], run2.name[1]);
	assert_false(has_name(&run1, run2.name[2]));
}

static void test_inserting_a_different_call_does_not_shift_others(void **state)
{
	const struct call call = { TASK, INPUTS, NULL };
	const struct call other = { TASK, "new_branch_inputs", NULL };
	const struct call calls1[] = { call, call }, calls2[] = { call, other, call };
	struct names run1 = simulate_run("parent", calls1, 2);
	struct names run2 = simulate_run("parent", calls2, 3);

	(void)state;
	assert_true(is_subset(&run1, &run2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_call_in_two_groups_scheduling_order_insensitive),
		cmocka_unit_test(test_grouped_and_ungrouped_call_scheduling_order_insensitive),
		cmocka_unit_test(test_two_named_maps_over_same_items_scheduling_order_insensitive),
		cmocka_unit_test(test_distinct_items_stable_regardless_of_completion_order),
		cmocka_unit_test(test_duplicate_items_within_one_map_interchangeable),
		cmocka_unit_test(test_counters_scoped_per_parent_action),
		cmocka_unit_test(test_different_call_keys_do_not_share_counters),
		cmocka_unit_test(test_same_call_key_increments),
		cmocka_unit_test(test_clear_resets_parent),
		cmocka_unit_test(test_appending_an_identical_call_preserves_existing_names),
		cmocka_unit_test(test_inserting_a_different_call_does_not_shift_others),
	};

	return cmocka_run_group_tests_name("test_action_name_stability_gaps", tests, be_outside,
					   NULL);
}
