/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/flyte/internal/runtime/test_convert.py, as far as it is about the key that the
 * SDK keeps for itself: it names the input that gets the run's start time (SPEC 3.16).
 */
#include "run_task.h"

#define RESERVED "_u_kickoff_time_input_arg"

/* 2026-06-04T12:00:00Z */
#define RUN_START INT64_C(1780574400000000000)

static void print_start(void)
{
	char text[OUTPUT_SIZE];

	printf("%lld '%s' %s\n", (long long)flyte_ctx_get()->run_start_time, custom_context(text),
	       flyte_custom_context_get(RESERVED) ? "shown" : "hidden");
}

static void assert_start(const struct inputs *inputs, const char *expected)
{
	char output[OUTPUT_SIZE];

	assert_string_equal(run_with_inputs(inputs, "--run-start-time", "2026-06-04T12:00:00Z",
					    "print_start", output),
			    expected);
}

static void test_inputs_context_excludes_reserved_kickoff_key(void **state)
{
	struct inputs inputs = { .length = 0 };

	(void)state;
	inputs_add_context(&inputs, RESERVED, "start_time");
	inputs_add_context(&inputs, "team", "ml");
	assert_context_of_inputs(&inputs, "team=ml");
}

static void test_convert_inputs_fills_kickoff_arg_from_run_start(void **state)
{
	struct inputs inputs = { .length = 0 };
	char expected[64];

	(void)state;
	inputs_add_integer(&inputs, "x", 7);
	inputs_add_context(&inputs, RESERVED, "start_time");
	snprintf(expected, sizeof(expected), "%lld '' hidden", (long long)RUN_START);
	assert_start(&inputs, expected);
}

static void test_convert_inputs_no_kickoff_key_is_noop(void **state)
{
	struct inputs inputs = { .length = 0 };
	char expected[64];

	(void)state;
	inputs_add_integer(&inputs, "x", 7);
	snprintf(expected, sizeof(expected), "%lld '' hidden", (long long)RUN_START);
	assert_start(&inputs, expected);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inputs_context_excludes_reserved_kickoff_key),
		cmocka_unit_test(test_convert_inputs_fills_kickoff_arg_from_run_start),
		cmocka_unit_test(test_convert_inputs_no_kickoff_key_is_noop),
	};

	if (argc == 1)
		return cmocka_run_group_tests_name("test_convert", tests, be_outside, NULL);
	if (strcmp(argv[1], "print_start") != 0)
		return report(argv[1]);
	print_start();
	return 0;
}
