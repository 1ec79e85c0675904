/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Rust SDK's crates/flyte/tests/local_mode.rs, as far as it is about the names of traces
 * (SPEC 1.6); and the test of crates/flyte/src/context.rs about counting calls.
 */
#include "action_names.h"

static void distinct_inputs_name_traces_independently_of_call_order(void **state)
{
	const struct call a = { "step", "h1", NULL }, b = { "step", "h2", NULL };
	const struct call c = { "step", "h3", NULL };
	const struct call forward[] = { a, b, c }, reverse[] = { c, b, a };
	struct names names = simulate_run("a0", forward, 3);
	char name[FLYTE_ACTION_NAME_SIZE];

	(void)state;
	assert_same_names(forward, reverse, 3);
	for (size_t i = 0; i < 3; i++) {
		name_call("a0", &forward[i], 1, name);
		assert_string_equal(names.name[i], name);
	}
}

static void identical_inputs_share_a_counter(void **state)
{
	const struct call call = { "step", "h1", NULL };
	const struct call calls[] = { call, call };
	struct names names = simulate_run("a0", calls, 2);
	char name[FLYTE_ACTION_NAME_SIZE];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		name_call("a0", &call, i + 1, name);
		assert_string_equal(names.name[i], name);
	}
}

static void sequencer_counts_per_key_from_one(void **state)
{
	const struct call a = { "a", "h", NULL }, b = { "b", "h", NULL };
	flyte_token token = enter_run("a0", new_run());

	(void)state;
	assert_int_equal(count_call(&a), 1);
	assert_int_equal(count_call(&a), 2);
	assert_int_equal(count_call(&b), 1);
	leave(token);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distinct_inputs_name_traces_independently_of_call_order),
		cmocka_unit_test(identical_inputs_share_a_counter),
		cmocka_unit_test(sequencer_counts_per_key_from_one),
	};

	return cmocka_run_group_tests_name("test_local_mode", tests, be_outside, NULL);
}
