/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/flyte/internal/runtime/test_trigger_serde.py, its class
 * TestTriggerWithCustomContext. A trigger puts its custom context into the inputs of the runs that
 * it starts; we are at the other end, in such a run (SPEC 5.8).
 */
#include "run_task.h"

static void test_trigger_with_custom_context(void **state)
{
	struct inputs inputs = { .length = 0 };

	(void)state;
	inputs_add_context(&inputs, "experiment", "v2");
	inputs_add_context(&inputs, "team", "ml");
	assert_context_of_inputs(&inputs, "experiment=v2 team=ml");
}

static void test_trigger_without_custom_context(void **state)
{
	struct inputs inputs = { .length = 0 };

	(void)state;
	assert_context_of_inputs(&inputs, "");
}

static void test_trigger_with_custom_context_and_inputs(void **state)
{
	struct inputs inputs = { .length = 0 };

	(void)state;
	inputs_add_integer(&inputs, "num", 42);
	inputs_add_context(&inputs, "source", "scheduled");
	assert_context_of_inputs(&inputs, "source=scheduled");
}

/* Of all the options of a run its environment alone reaches us, beside the context. */
static void test_trigger_with_custom_context_and_all_run_spec_options(void **state)
{
	struct inputs inputs = { .length = 0 };
	char output[OUTPUT_SIZE];

	(void)state;
	inputs_add_context(&inputs, "pipeline", "training");
	inputs_add_context(&inputs, "version", "3");
	setenv("ENV", "prod", 1);
	assert_context_of_inputs(&inputs, "pipeline=training version=3");
	assert_string_equal(run_with_inputs(&inputs, NULL, NULL, "print_env", output), "prod");
	unsetenv("ENV");
}

/* A protobuf map that is empty is not written: to us both are the same. */
static void test_trigger_with_empty_custom_context(void **state)
{
	struct inputs inputs = { .length = 0 };

	(void)state;
	inputs_add_integer(&inputs, "num", 42);
	assert_context_of_inputs(&inputs, "");
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trigger_with_custom_context),
		cmocka_unit_test(test_trigger_without_custom_context),
		cmocka_unit_test(test_trigger_with_custom_context_and_inputs),
		cmocka_unit_test(test_trigger_with_custom_context_and_all_run_spec_options),
		cmocka_unit_test(test_trigger_with_empty_custom_context),
	};

	if (argc == 1)
		return cmocka_run_group_tests_name("test_trigger_serde", tests, be_outside, NULL);
	if (strcmp(argv[1], "print_env") != 0 || !getenv("ENV"))
		return report(argv[1]);
	puts(getenv("ENV"));
	return 0;
}
