/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim/state.c: calls from before every constructor, ours and libc's too. There libc may not know
 * the environment yet, so that there is no context; it must not stay away for that.
 */
#include "shim_test.h"

static struct early {
	const struct flyte_task_context *context;
	char custom[16], scope[16];
	flyte_token token;
	int exited;
} early;

static void run_early(void)
{
	early.context = flyte_ctx_get();
	strcpy(early.custom, custom("increment"));
	early.token = enter("early", "1");
	strcpy(early.scope, custom("early"));
	early.exited = flyte_context_exit(early.token);
}

__attribute__((section(".preinit_array"), used)) static void (*const preinit)(void) = run_early;

static void the_first_calls_had_the_context_or_none(void **state)
{
	(void)state;
	assert_int_equal(early.exited, 0);
	if (!early.context) {
		assert_int_equal(early.token, FLYTE_TOKEN_NONE);
		return;
	}
	assert_string_equal(early.custom, "1");
	assert_true(early.token > FLYTE_TOKEN_NONE);
	assert_string_equal(early.scope, "1");
}

static void main_has_the_context(void **state)
{
	(void)state;
	assert_non_null(flyte_ctx_get());
	assert_string_equal(flyte_ctx_get()->action.name, "a0");
	assert_string_equal(custom("increment"), "1");
}

static void children_have_it_too(void **state)
{
	(void)state;
	assert_int_equal(system("case $FLYTE_CTX in *an-a0.*) ;; *) exit 1; esac"), 0);
	assert_int_equal(unsetenv("FLYTE_CTX"), 0);
	assert_int_equal(system("case $FLYTE_CTX in *an-a0.*) ;; *) exit 1; esac"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_calls_had_the_context_or_none),
		cmocka_unit_test(main_has_the_context),
		cmocka_unit_test(children_have_it_too),
	};

	return cmocka_run_group_tests_name("early", tests, NULL, NULL);
}
