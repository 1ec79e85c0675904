/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim/hooks/coroutine.c: a coroutine has a context of its own, wherever it goes on (SPEC 3.5).
 */
#include "coroutine_test.h"

static void be_in_two_scopes(struct coroutine *self)
{
	flyte_token outer, inner;

	assert_string_equal(custom("scope"), "starter");
	outer = enter("scope", self->argument);
	yield(self);
	assert_string_equal(custom("scope"), self->argument);
	inner = enter("inner", self->argument);
	yield(self);
	assert_string_equal(custom("inner"), self->argument);
	assert_int_equal(flyte_context_exit(inner), 0);
	assert_int_equal(flyte_context_exit(outer), 0);
	assert_string_equal(custom("scope"), "starter");
}

/* Each has its own, and starts with what was current when it was first switched to. */
static void coroutines_interleave(void **state)
{
	struct coroutine *one = make(be_in_two_scopes, "one"), *two = make(be_in_two_scopes, "two");
	flyte_token token = enter("scope", "starter");

	(void)state;
	assert_true(resume(one));
	assert_string_equal(custom("scope"), "starter");
	assert_true(resume(two));
	assert_true(resume(one));
	assert_string_equal(custom("inner"), "-");
	assert_true(resume(two));
	assert_int_equal(flyte_context_exit(token), 0);
	assert_string_equal(custom("scope"), "-");
	assert_false(resume(two)); /* its scopes outlive those of its starter */
	assert_string_equal(custom("scope"), "-");
	assert_false(resume(one));
	assert_string_equal(custom("scope"), "-");
	destroy(one);
	destroy(two);
}

static void end_in_a_scope(struct coroutine *self)
{
	enter("scope", self->argument);
}

/* By uc_link. */
static void what_a_coroutine_leaves_entered_ends_with_it(void **state)
{
	flyte_token token = enter("scope", "mine");

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct coroutine *coroutine = make(end_in_a_scope, "its");

		assert_false(resume(coroutine));
		assert_string_equal(custom("scope"), "mine");
		destroy(coroutine);
	}
	assert_int_equal(flyte_context_exit(token), 0);
}

static void hand_out_a_token(struct coroutine *self)
{
	flyte_token own = enter("scope", "coroutine");

	of_coroutine = own;
	yield(self);
	/* What its starter has entered since is not in its chain. */
	assert_int_equal(flyte_context_exit(*(flyte_token *)self->argument), -1);
	assert_string_equal(custom("scope"), "coroutine");
	assert_int_equal(flyte_context_exit(own), 0);
}

static void tokens_of_others_change_nothing(void **state)
{
	flyte_token token;
	struct coroutine *coroutine = make(hand_out_a_token, &token);

	(void)state;
	assert_true(resume(coroutine));
	token = enter("scope", "mine");
	assert_int_equal(flyte_context_exit(of_coroutine), -1);
	assert_string_equal(custom("scope"), "mine");
	assert_false(resume(coroutine));
	assert_string_equal(custom("scope"), "mine");
	assert_int_equal(flyte_context_exit(token), 0);
	destroy(coroutine);
}

/* --- a scheduler that lets any of its threads go on with any coroutine --- */

static const struct flyte_task_context *held; /* LeakSanitizer finds the scope by this */

static void stay_for_ever(struct coroutine *self)
{
	enter("scope", "for ever");
	held = flyte_ctx_get();
	yield(self);
}

/* Its stack may go while it has scopes: nobody looks at them there. */
static void a_coroutine_may_be_abandoned(void **state)
{
	struct coroutine *coroutine = make(stay_for_ever, NULL);

	(void)state;
	assert_true(resume(coroutine));
	memset(coroutine->stack, 'x', STACK);
	destroy(coroutine);
	assert_string_equal(custom("scope"), "-");
	assert_string_equal(held->custom_context.items[1].value, "for ever");
}

#ifndef __SANITIZE_THREAD__ /* its pthread_exit knows threads and no fibers */
static void leave_the_thread(struct coroutine *self)
{
	enter("scope", self->argument);
	pthread_exit(NULL);
}

static void *end_in_a_coroutine(void *coroutine)
{
	resume(coroutine);
	return NULL;
}

/* LeakSanitizer looks for the scopes. */
static void a_thread_may_end_in_a_coroutine(void **state)
{
	struct coroutine *coroutine = make(leave_the_thread, "ends");
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, end_in_a_coroutine, coroutine), 0);
	pthread_join(thread, NULL);
	destroy(coroutine);
}

#endif

static void in_no_scope(struct coroutine *self)
{
	assert_string_equal(custom("increment"), "1");
	errno = 42;
	yield(self);
	assert_int_equal(errno, 43);
}

static void errno_is_as_it_was(void **state)
{
	struct coroutine *coroutine = make(in_no_scope, NULL);

	(void)state;
	assert_true(resume(coroutine));
	assert_int_equal(errno, 42);
	errno = 43;
	assert_false(resume(coroutine));
	destroy(coroutine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(coroutines_interleave),
		cmocka_unit_test(what_a_coroutine_leaves_entered_ends_with_it),
		cmocka_unit_test(tokens_of_others_change_nothing),
		cmocka_unit_test(a_coroutine_may_be_abandoned),
#ifndef __SANITIZE_THREAD__
		cmocka_unit_test(a_thread_may_end_in_a_coroutine),
#endif
		cmocka_unit_test(errno_is_as_it_was),
	};

#ifdef __SANITIZE_ADDRESS__
	puts("1..1\nok 1 - coroutine # SKIP AddressSanitizer's swapcontext is not libc's: what is "
	     "current stays");
	return 0;
#endif
	return cmocka_run_group_tests_name("coroutine", tests, NULL, NULL);
}
