/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Rust SDK's crates/flyte/tests/local_mode.rs, as far as it is about the names of traces
 * (SPEC 1).
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distinct_inputs_name_traces_independently_of_call_order),
	};

	return cmocka_run_group_tests_name("test_local_mode", tests, be_outside, NULL);
}
