/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/flyte/utils/test_asyncify.py: a synchronous task runs on a thread of its own,
 * in the context of who called it (SPEC 3.2).
 */
#include "conformance.h"

static void *value_there(void *text)
{
	return (void *)(uintptr_t)custom_context(text);
}

static void test_context_variable_preservation(void **state)
{
	flyte_token task = enter_task(fixture());
	char text[OUTPUT_SIZE];

	(void)state;
	FLYTE_CUSTOM_CONTEXT ("test_context_var", "test_value") {
		start_and_join(value_there, text);
		assert_string_equal(text, "test_context_var=test_value");
	}
	start_and_join(value_there, text);
	assert_string_equal(text, "");
	leave(task);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_context_variable_preservation),
	};

	return cmocka_run_group_tests_name("test_asyncify", tests, be_outside, NULL);
}
