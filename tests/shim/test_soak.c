/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many scopes on many threads, with threads started inside them: everybody has its own context,
 * and no byte is left behind. FLYTECTX_SOAK is the number of enters (100000); LeakSanitizer,
 * ThreadSanitizer and valgrind look at the same program.
 */

#include "shim_test.h"

#define THREADS 64

/* An enter in so many starts a thread inside. */
#define STARTS_EVERY 50

/* What is lost once may be the libc's own; what is lost in every round grows beyond this. */
#define TOLERATED 16384

static long enters(void)
{
	const char *text = getenv("FLYTECTX_SOAK");

	return text ? atol(text) : 100000;
}

/* A scope that a thread is started in, and what it is to see there. */
static void *check_inside(void *expected)
{
	flyte_token token;

	if (strcmp(custom("soak"), expected) != 0)
		return NULL;
	token = enter("inner", "x");
	if (strcmp(custom("soak"), expected) != 0 || strcmp(custom("inner"), "x") != 0)
		return NULL;
	/* Every other leaves it entered. */
	if (*(char *)expected % 2 && flyte_context_exit(token) != 0)
		return NULL;
	return expected;
}

static bool start_inside(char *expected)
{
	pthread_t thread;
	void *result;

	if (pthread_create(&thread, NULL, check_inside, expected) != 0)
		return false;
	return pthread_join(thread, &result) == 0 && result == expected;
}

static flyte_token enter_one_of_all(long number)
{
	const struct flyte_raw_data_path raw_data = { "s3://bucket", { "a", "b" } };
	const struct flyte_action_id action = { .name = "trace" };
	const struct flyte_pair pairs[2] = { { "one", "1" }, { "two", "2" } };

	switch (number % 5) {
	case 0:
		return flyte_group_enter("group");
	case 1:
		return flyte_new_raw_data_path(&raw_data);
	case 2:
		return flyte_new_metadata(pairs, 2);
	case 3:
		return flyte_trace_enter(&action);
	default:
		return flyte_custom_context_enter(pairs, 2);
	}
}

/* Two enters; returns false where anything is not as it should be. */
static bool one_round(long number)
{
	const struct flyte_task_context *held = NULL;
	flyte_token outer, inner;
	char text[32];
	bool right;

	snprintf(text, sizeof(text), "%ld", number);
	outer = enter("soak", text);
	inner = enter_one_of_all(number);
	right = outer > FLYTE_TOKEN_NONE && inner > FLYTE_TOKEN_NONE;
	if (number % 3 == 0)
		held = flyte_ctx_retain(flyte_ctx_get());
	right = right && !strcmp(custom("soak"), text);
	if (number % STARTS_EVERY == 0)
		right = start_inside(text) && right;
	/* Every other way of leaving: one by one, or both by the outer. */
	if (number % 2)
		right = flyte_context_exit(inner) == 0 && right;
	right = flyte_context_exit(outer) == 0 && right;
	flyte_ctx_release(held);
	return right && !strcmp(custom("soak"), "-");
}

struct share {
	long first, count;
	bool right;
};

static void *do_share(void *given)
{
	struct share *share = given;

	share->right = true;
	for (long i = 0; i < share->count && share->right; i++)
		share->right = one_round(share->first + i);
	return NULL;
}

static bool run(long rounds)
{
	struct share shares[THREADS];
	pthread_t threads[THREADS];
	bool right = true;
	flyte_token token = enter("round", "x");

	for (long i = 0; i < THREADS; i++) {
		shares[i] = (struct share) { i * 1000003, rounds / THREADS + 1, false };
		assert_int_equal(pthread_create(&threads[i], NULL, do_share, &shares[i]), 0);
	}
	for (long i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		right = right && shares[i].right;
	}
	flyte_context_exit(token);
	return right;
}

/* The first run fills the caches of libc; those after it must not add to them. */
static void scopes_and_threads_leave_no_byte_behind(void **state)
{
	size_t before, after;

	(void)state;
	assert_true(run(enters() / 8));
	before = bytes_in_use();
	for (int i = 0; i < 3; i++)
		assert_true(run(enters() / 8));
	after = bytes_in_use();
	if (after > before + TOLERATED)
		fail_msg("%zu bytes more than before", after - before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scopes_and_threads_leave_no_byte_behind),
	};

	return cmocka_run_group_tests_name("soak", tests, NULL, NULL);
}
