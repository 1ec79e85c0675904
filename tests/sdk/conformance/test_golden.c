/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Rust SDK's crates/flyte/tests/golden.rs, as far as it is about names (SPEC 1.6): the same
 * name in every language.
 */
#include "action_names.h"

static void sub_action_name_matches_python(void **state)
{
	const struct call upper = { "TH", "IH", NULL }, lower = { "th", "ih", NULL };
	const struct call grouped = { "th", "ih", "grp" };
	char name[FLYTE_ACTION_NAME_SIZE];

	(void)state;
	name_call("a0", &upper, 1, name);
	assert_string_equal(name, "ape1kkafckt4ekjb0537lcq3u");
	/* The Rust SDK knows no groups; these are Python's. */
	name_call("a0", &lower, 1, name);
	assert_string_equal(name, "85hvno29yql9omdo61m0c0hjo");
	name_call("a0", &grouped, 1, name);
	assert_string_equal(name, "8pbksvgyjs0bfvujcx1jkm69u");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sub_action_name_matches_python),
	};

	return cmocka_run_group_tests_name("test_golden", tests, be_outside, NULL);
}
