/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/internal/runtime/test_convert_input_context.py: the custom context in an
 * inputs.pb. Upstream writes it; we read what it writes, through `flytectx run --inputs`
 * (SPEC 5.8).
 */
#include "run_task.h"

static struct inputs with_context(void)
{
	struct inputs inputs = { .length = 0 };

	inputs_add_context(&inputs, "env", "production");
	inputs_add_context(&inputs, "region", "us-west-2");
	return inputs;
}

static void test_convert_inputs_with_context(void **state)
{
	struct inputs inputs = with_context();

	(void)state;
	assert_context_of_inputs(&inputs, "env=production region=us-west-2");
}

static void test_convert_inputs_without_context(void **state)
{
	struct inputs inputs = { .length = 0 };

	(void)state;
	inputs_add_integer(&inputs, "x", 42);
	assert_context_of_inputs(&inputs, "");
}

static void test_convert_inputs_with_parameters_and_context(void **state)
{
	struct inputs inputs = { .length = 0 };

	(void)state;
	inputs_add_integer(&inputs, "x", 42);
	inputs_add_context(&inputs, "env", "production");
	assert_context_of_inputs(&inputs, "env=production");
}

/* Of a key that is there twice the last value counts, as upstream's dict of them has it. */
static void test_inputs_context_property(void **state)
{
	struct inputs inputs = with_context();

	(void)state;
	inputs_add_context(&inputs, "env", "staging");
	assert_context_of_inputs(&inputs, "env=staging region=us-west-2");
}

static void test_empty_context(void **state)
{
	struct inputs inputs = { .length = 0 };

	(void)state;
	assert_context_of_inputs(&inputs, "");
}

/* The example of the message's definition: {a: "b"} and nothing else. */
static void test_context_with_empty_interface(void **state)
{
	static const unsigned char example[] = { 0x12, 0x06, 0x0a, 0x01, 0x61, 0x12, 0x01, 0x62 };
	struct inputs inputs = { .length = 0 };

	(void)state;
	inputs_add_context(&inputs, "a", "b");
	assert_int_equal(inputs.length, sizeof(example));
	assert_memory_equal(inputs.bytes, example, sizeof(example));
	assert_context_of_inputs(&inputs, "a=b");
	inputs = with_context();
	assert_context_of_inputs(&inputs, "env=production region=us-west-2");
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_convert_inputs_with_context),
		cmocka_unit_test(test_convert_inputs_without_context),
		cmocka_unit_test(test_convert_inputs_with_parameters_and_context),
		cmocka_unit_test(test_inputs_context_property),
		cmocka_unit_test(test_empty_context),
		cmocka_unit_test(test_context_with_empty_interface),
	};

	if (argc > 1)
		return report(argv[1]);
	return cmocka_run_group_tests_name("test_convert_input_context", tests, be_outside, NULL);
}
