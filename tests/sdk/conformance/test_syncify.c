/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/flyte/syncify/test_syncify.py, as far as it is about context: what is called
 * through another loop sees its caller's context, and what it changes stays there (SPEC 2.6).
 */
#include "conformance.h"

/* Sees the value, and leaves another one entered. */
static const char *context_test(void)
{
	REQUIRE(!strcmp(flyte_custom_context_get("my_var"), "test_value"));
	REQUIRE(flyte_custom_context_enter(&(struct flyte_pair) { "my_var", "updated" }, 1));
	REQUIRE(!strcmp(flyte_custom_context_get("my_var"), "updated"));
	return NULL;
}

static int context_test_run(void *wrong)
{
	*(const char **)wrong = context_test();
	return 7;
}

static void test_context_propagation(void **state)
{
	flyte_token task = enter_task(fixture());
	const char *wrong = "not run";

	(void)state;
	FLYTE_CUSTOM_CONTEXT ("my_var", "test_value") {
		assert_int_equal(flyte_contextual_run(context_test_run, &wrong), 7);
		assert_right(wrong);
		assert_custom_context("my_var=test_value");
	}
	assert_custom_context("");
	leave(task);
}

static void *context_test_thread(void *unused)
{
	(void)unused;
	return (void *)(uintptr_t)context_test();
}

static void test_context_propagation_async(void **state)
{
	flyte_token task = enter_task(fixture());

	(void)state;
	FLYTE_CUSTOM_CONTEXT ("my_var", "test_value") {
		assert_right(start_and_join(context_test_thread, NULL));
		assert_custom_context("my_var=test_value");
	}
	assert_custom_context("");
	leave(task);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_context_propagation),
		cmocka_unit_test(test_context_propagation_async),
	};

	return cmocka_run_group_tests_name("test_syncify", tests, be_outside, NULL);
}
