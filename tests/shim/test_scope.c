/* SPDX-License-Identifier: Apache-2.0 */
/* shim/scope.c, scope_enter.c, api.c: which context is current (SPEC 2.1, 2.7). */
#include "shim_test.h"

static void the_process_starts_with_its_context(void **state)
{
	const struct flyte_task_context *context = flyte_ctx_get();

	(void)state;
	assert_non_null(context);
	assert_int_equal(context->size, sizeof(*context));
	assert_string_equal(context->action.name, "a0");
	assert_string_equal(context->action.run_name, "a0");
	assert_string_equal(context->task_action.name, "a0");
	assert_null(context->action.project);
	assert_int_equal(context->custom_context.count, 1);
	assert_string_equal(custom("increment"), "1");
	assert_null(flyte_custom_context_get("absent"));
	assert_null(flyte_custom_context_get(NULL));
}

static void entering_adds_and_overrides(void **state)
{
	const struct flyte_pair pairs[] = { { "b", "2" }, { "increment", "9" }, { "b", "3" } };
	const struct flyte_task_context *outer = flyte_ctx_get(), *inner;
	flyte_token token = flyte_custom_context_enter(pairs, 3);

	(void)state;
	assert_true(token > FLYTE_TOKEN_NONE);
	inner = flyte_ctx_get();
	assert_ptr_not_equal(inner, outer);
	assert_int_equal(inner->custom_context.count, 2);
	assert_string_equal(inner->custom_context.items[0].key, "increment");
	assert_string_equal(inner->custom_context.items[0].value, "9");
	assert_string_equal(inner->custom_context.items[1].key, "b");
	assert_string_equal(custom("b"), "3");
	assert_string_equal(inner->action.name, "a0");
	assert_string_equal(outer->custom_context.items[0].value, "1"); /* nothing in place */
	assert_int_equal(flyte_context_exit(token), 0);
	assert_ptr_equal(flyte_ctx_get(), outer);
}

static void the_strings_are_copied(void **state)
{
	char key[] = "copied", value[] = "value";
	struct flyte_pair pair = { key, value };
	flyte_token token = flyte_custom_context_enter(&pair, 1);

	(void)state;
	memset(key, 'x', sizeof(key) - 1);
	memset(value, 'x', sizeof(value) - 1);
	assert_string_equal(custom("copied"), "value");
	flyte_context_exit(token);
}

static void exiting_an_outer_scope_closes_the_inner_ones(void **state)
{
	const struct flyte_task_context *before = flyte_ctx_get();
	flyte_token outer = enter("a", "1"), middle = enter("b", "2"), inner = enter("c", "3");

	(void)state;
	assert_int_equal(flyte_context_exit(outer), 0);
	assert_ptr_equal(flyte_ctx_get(), before);
	errno = 0;
	assert_int_equal(flyte_context_exit(inner), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(flyte_context_exit(middle), -1);
	assert_int_equal(flyte_context_exit(outer), -1);
	assert_ptr_equal(flyte_ctx_get(), before);
}

static void a_token_that_is_none_changes_nothing(void **state)
{
	flyte_token token = enter("a", "1");

	(void)state;
	assert_int_equal(flyte_context_exit(0), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(flyte_context_exit(FLYTE_TOKEN_NONE), 0);
	assert_int_equal(flyte_context_exit(token + 1), -1);
	assert_string_equal(custom("a"), "1");
	assert_int_equal(flyte_context_exit(token), 0);
}

static void *exit_elsewhere(void *token)
{
	int result = flyte_context_exit(*(flyte_token *)token);

	assert_string_equal(custom("a"), "1"); /* it has its creator's */
	return result == -1 && errno == EPERM ? token : NULL;
}

static void a_token_of_another_thread_is_refused(void **state)
{
	flyte_token token = enter("a", "1");
	pthread_t thread;
	void *refused;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, exit_elsewhere, &token), 0);
	assert_int_equal(pthread_join(thread, &refused), 0);
	assert_ptr_equal(refused, &token);
	assert_int_equal(flyte_context_exit(token), 0);
}

static void refused(const struct flyte_pair *pairs, size_t count, int error)
{
	const struct flyte_task_context *before = flyte_ctx_get();

	errno = 0;
	assert_int_equal(flyte_custom_context_enter(pairs, count), 0);
	assert_int_equal(errno, error);
	assert_ptr_equal(flyte_ctx_get(), before);
}

static void bad_pairs_are_refused(void **state)
{
	static char large[96 * 1024 + 1];
	struct flyte_pair pair = { NULL, "v" };

	(void)state;
	refused(NULL, 1, EINVAL);
	refused(&pair, 1, EINVAL);
	pair.key = "";
	refused(&pair, 1, EINVAL);
	pair = (struct flyte_pair) { "k", NULL };
	refused(&pair, 1, EINVAL);
	memset(large, 'v', sizeof(large) - 1);
	pair.value = large;
	refused(&pair, 1, E2BIG);
	/* Each needs three characters on the wire: too large there, not before. */
	memset(large, '/', sizeof(large) - 1);
	large[40 * 1024] = '\0';
	refused(&pair, 1, E2BIG);
}

static void the_reserved_key_is_left_out(void **state)
{
	flyte_token token = enter("_u_kickoff_time_input_arg", "when");

	(void)state;
	assert_true(token > FLYTE_TOKEN_NONE);
	assert_null(flyte_custom_context_get("_u_kickoff_time_input_arg"));
	flyte_context_exit(token);
}

static void a_task_context_can_be_replaced(void **state)
{
	struct flyte_task_context mine = { .size = sizeof(mine) };
	flyte_token token;

	(void)state;
	assert_int_equal(flyte_replace_task_context(NULL), 0);
	assert_int_equal(flyte_replace_task_context(&mine), 0);
	assert_int_equal(errno, EINVAL); /* no name */
	mine.action.name = "mine";
	mine.checkpoint_paths.checkpoint_path = "s3://bucket/a b";
	mine.mode = FLYTE_MODE_HYBRID;
	mine.run_start_time = -5;
	token = flyte_replace_task_context(&mine);
	assert_true(token > FLYTE_TOKEN_NONE);
	assert_string_equal(flyte_ctx_get()->task_action.run_name, "mine");
	assert_string_equal(flyte_ctx_get()->checkpoint_paths.checkpoint_path, "s3://bucket/a b");
	assert_int_equal(flyte_ctx_get()->mode, FLYTE_MODE_HYBRID);
	assert_int_equal(flyte_ctx_get()->run_start_time, -5);
	assert_int_equal(flyte_ctx_get()->custom_context.count, 0);
	flyte_context_exit(token);
	assert_string_equal(flyte_ctx_get()->action.name, "a0");
}

static void a_thousand_keys(void **state)
{
	static char keys[1000][16];
	struct flyte_pair pairs[1000];
	flyte_token token;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(keys[i], sizeof(keys[i]), "key-%d", i);
		pairs[i] = (struct flyte_pair) { keys[i], keys[i] + 4 };
	}
	token = flyte_custom_context_enter(pairs, 1000);
	assert_int_equal(flyte_ctx_get()->custom_context.count, 1001);
	for (int i = 0; i < 1000; i++)
		assert_string_equal(custom(keys[i]), keys[i] + 4);
	assert_string_equal(custom("increment"), "1");
	assert_int_equal(flyte_context_exit(token), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_process_starts_with_its_context),
		cmocka_unit_test(entering_adds_and_overrides),
		cmocka_unit_test(the_strings_are_copied),
		cmocka_unit_test(exiting_an_outer_scope_closes_the_inner_ones),
		cmocka_unit_test(a_token_that_is_none_changes_nothing),
		cmocka_unit_test(a_token_of_another_thread_is_refused),
		cmocka_unit_test(bad_pairs_are_refused),
		cmocka_unit_test(the_reserved_key_is_left_out),
		cmocka_unit_test(a_task_context_can_be_replaced),
		cmocka_unit_test(a_thousand_keys),
	};

	return cmocka_run_group_tests_name("scope", tests, NULL, NULL);
}
