/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim/scope.c: tokens in every wrong order, place and process (SPEC 2.4). Whatever is done with
 * one is right or refused; what is refused changes nothing.
 */
#include "shim_test.h"

#define NESTED 4

static flyte_token inner_token;

/* Exits in this order; a scope that an outer one closed is stale. */
static void exit_in_order(const int order[NESTED])
{
	static const char *const depths[NESTED + 1] = { "-", "1", "2", "3", "4" };
	flyte_token tokens[NESTED];
	int open = NESTED;

	for (int i = 0; i < NESTED; i++)
		tokens[i] = enter("depth", depths[i + 1]);
	for (int i = 0; i < NESTED; i++) {
		bool is_open = order[i] < open;

		errno = 0;
		assert_int_equal(flyte_context_exit(tokens[order[i]]), is_open ? 0 : -1);
		assert_int_equal(errno, is_open ? 0 : EINVAL);
		if (is_open)
			open = order[i];
		assert_string_equal(custom("depth"), depths[open]);
		assert_string_equal(custom("increment"), "1");
	}
	assert_int_equal(open, 0);
}

/* The `number`th of the permutations, NESTED! of them. */
static void permute(int number, int order[NESTED])
{
	int rest[NESTED];

	for (int i = 0; i < NESTED; i++)
		rest[i] = i;
	for (int left = NESTED; left > 0; left--) {
		int chosen = number % left;

		order[NESTED - left] = rest[chosen];
		number /= left;
		memmove(&rest[chosen], &rest[chosen + 1],
			(size_t)(left - chosen - 1) * sizeof(*rest));
	}
}

static void four_scopes_are_exited_in_every_order(void **state)
{
	int order[NESTED];

	(void)state;
	for (int number = 0; number < 24; number++) {
		permute(number, order);
		exit_in_order(order);
	}
}

/* Any exit, any number of times, of any of four tokens: 4 to the 6th sequences. */
static void tokens_may_be_used_again_and_again(void **state)
{
	(void)state;
	for (int number = 0; number < 4096; number++) {
		flyte_token tokens[NESTED];
		int open = NESTED;

		for (int i = 0; i < NESTED; i++)
			tokens[i] = enter("depth", "x");
		for (int step = 0, rest = number; step < 6; step++, rest /= 4) {
			int wanted = rest % 4 < open ? 0 : -1;

			assert_int_equal(flyte_context_exit(tokens[rest % 4]), wanted);
			if (!wanted)
				open = rest % 4;
			assert_int_equal(flyte_ctx_get()->custom_context.count, open ? 2 : 1);
		}
		if (open)
			assert_int_equal(flyte_context_exit(tokens[0]), 0);
	}
}

/* Whatever word is given: the open scope stays. */
static void words_that_are_no_tokens_are_refused(void **state)
{
	flyte_token token = enter("depth", "1"), random = 88172645463325252U;
	const struct flyte_task_context *context = flyte_ctx_get();

	(void)state;
	for (unsigned bit = 0; bit < 8 * sizeof(token); bit++) {
		flyte_token other = token ^ (flyte_token)1 << bit;

		assert_int_equal(flyte_context_exit(other), other == FLYTE_TOKEN_NONE ? 0 : -1);
		assert_true(errno == EINVAL || errno == EPERM);
	}
	for (int i = 0; i < 100000; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		assert_int_equal(flyte_context_exit(random), -1);
	}
	assert_int_equal(flyte_context_exit((flyte_token)(uintptr_t)context), -1);
	assert_ptr_equal(flyte_ctx_get(), context);
	assert_int_equal(flyte_context_exit(token), 0);
}

/* --- other threads --- */

struct tokens {
	flyte_token open, stale;
	bool right;
};

static bool refused_for(flyte_token token, int error)
{
	errno = 0;
	return flyte_context_exit(token) == -1 && errno == error;
}

static void *misuse(void *given)
{
	struct tokens *tokens = given;
	flyte_token own;

	/* As one that never entered anything, and as one that did. */
	tokens->right = refused_for(tokens->open, EPERM) && refused_for(tokens->stale, EPERM) &&
			refused_for(2, EINVAL) && flyte_context_exit(FLYTE_TOKEN_NONE) == 0;
	own = enter("own", "1");
	tokens->right = tokens->right && refused_for(tokens->open, EPERM) &&
			refused_for(tokens->stale, EPERM) && !strcmp(custom("own"), "1") &&
			!strcmp(custom("depth"), "1") && flyte_context_exit(own) == 0 &&
			refused_for(own, EINVAL) && refused_for(tokens->open, EPERM) &&
			!strcmp(custom("depth"), "1");
	tokens->stale = own;
	return NULL;
}

static void a_thread_cant_use_its_creators_tokens(void **state)
{
	struct tokens tokens = { 0 };
	pthread_t thread;

	(void)state;
	tokens.stale = enter("stale", "1");
	flyte_context_exit(tokens.stale);
	tokens.open = enter("depth", "1");
	assert_int_equal(pthread_create(&thread, NULL, misuse, &tokens), 0);
	pthread_join(thread, NULL);
	assert_true(tokens.right);
	assert_true(refused_for(tokens.stale, EPERM)); /* one of a thread that is gone */
	assert_string_equal(custom("depth"), "1");
	assert_int_equal(flyte_context_exit(tokens.open), 0);
}

/* A new thread gets the memory, the stack and the TLS of one that ended, but not its tokens. */
static void a_thread_that_ended_leaves_no_valid_tokens(void **state)
{
	struct tokens first = { 0 }, second = { 0 };
	pthread_t thread;

	(void)state;
	first.open = second.open = enter("depth", "1");
	first.stale = second.open;
	assert_int_equal(pthread_create(&thread, NULL, misuse, &first), 0);
	pthread_join(thread, NULL);
	second.stale = first.stale;
	assert_int_equal(pthread_create(&thread, NULL, misuse, &second), 0);
	pthread_join(thread, NULL);
	assert_true(second.right);
	assert_int_equal(flyte_context_exit(first.open), 0);
}

/* --- other processes --- */

static int exit_the_copy(const flyte_token tokens[3])
{
	if (flyte_context_exit(tokens[1]) != 0 || strcmp(custom("depth"), "1") != 0)
		return 1;
	if (!refused_for(tokens[2], EINVAL) || !refused_for(tokens[1], EINVAL))
		return 2;
	if (flyte_context_exit(enter("child", "1")) != 0)
		return 3;
	return flyte_context_exit(tokens[0]) == 0 && !strcmp(custom("depth"), "-") ? 0 : 4;
}

/* The child has the scopes, and its tokens are good there; the parent notices nothing. */
static void a_fork_child_exits_its_own_copy(void **state)
{
	flyte_token tokens[3] = { enter("depth", "1"), enter("depth", "2"), enter("depth", "3") };
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(exit_the_copy(tokens));
	assert_int_equal(wait_for(pid), 0);
	assert_string_equal(custom("depth"), "3");
	for (int i = 3; i-- > 0;)
		assert_int_equal(flyte_context_exit(tokens[i]), 0);
}

static void *fork_and_exit(void *failure)
{
	flyte_token tokens[3] = { enter("depth", "1"), enter("depth", "2"), enter("depth", "3") };
	pid_t pid = fork();

	if (pid == 0)
		_exit(exit_the_copy(tokens));
	return wait_for(pid) == 0 && flyte_context_exit(tokens[0]) == 0 ? NULL : failure;
}

static void also_where_a_thread_forks(void **state)
{
	pthread_t thread;
	void *result;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, fork_and_exit, &inner_token), 0);
	pthread_join(thread, &result);
	assert_null(result);
}

/* --- longjmp --- */

static jmp_buf back;

static void enter_and_jump(void)
{
	for (int i = 0; i < 10; i++)
		inner_token = enter("depth", "jumped");
	longjmp(back, 1);
}

static void longjmp_leaves_scopes_that_an_outer_exit_closes(void **state)
{
	flyte_token token = enter("depth", "1");

	(void)state;
	if (!setjmp(back))
		enter_and_jump();
	assert_string_equal(custom("depth"), "jumped"); /* nobody exited it */
	assert_int_equal(flyte_context_exit(token), 0);
	assert_string_equal(custom("depth"), "-");
	assert_true(refused_for(inner_token, EINVAL));
}

static int jump_out(void *unused)
{
	(void)unused;
	enter("depth", "run");
	longjmp(back, 1);
}

static void longjmp_out_of_a_run_is_undone_by_an_outer_exit(void **state)
{
	flyte_token token = enter("depth", "1");

	(void)state;
	if (!setjmp(back))
		flyte_contextual_run(jump_out, NULL);
	assert_int_equal(flyte_context_exit(token), 0);
	assert_string_equal(custom("depth"), "-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_scopes_are_exited_in_every_order),
		cmocka_unit_test(tokens_may_be_used_again_and_again),
		cmocka_unit_test(words_that_are_no_tokens_are_refused),
		cmocka_unit_test(a_thread_cant_use_its_creators_tokens),
		cmocka_unit_test(a_thread_that_ended_leaves_no_valid_tokens),
		cmocka_unit_test(a_fork_child_exits_its_own_copy),
		cmocka_unit_test(also_where_a_thread_forks),
		cmocka_unit_test(longjmp_leaves_scopes_that_an_outer_exit_closes),
		cmocka_unit_test(longjmp_out_of_a_run_is_undone_by_an_outer_exit),
	};

	return cmocka_run_group_tests_name("tokens", tests, NULL, NULL);
}
