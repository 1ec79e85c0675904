/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Destructors of threads before and after ours, and vfork children (SPEC 2.2).
 */
#include "shim_test.h"

/* --- destructors of threads --- */

static pthread_key_t key_before, key_after;
static char seen[3][16];

static void enter_in_destructor(int which)
{
	flyte_token token = enter("late", "1");

	strcpy(seen[which], custom("increment"));
	if (token <= FLYTE_TOKEN_NONE || strcmp(custom("late"), "1") != 0)
		strcpy(seen[which], "wrong");
	if (which != 2) /* left entered otherwise */
		flyte_context_exit(token);
}

static void destroy_before(void *unused)
{
	(void)unused;
	enter_in_destructor(0);
}

static void destroy_after(void *unused)
{
	(void)unused;
	enter_in_destructor(1);
}

static void *use_keys(void *unused)
{
	pthread_setspecific(key_before, seen);
	enter("thread", "1");
	pthread_setspecific(key_after, seen);
	return unused;
}

static void destructors_may_enter_before_and_after_ours(void **state)
{
	flyte_token token = enter("increment", "2");
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_key_create(&key_after, destroy_after), 0);
	for (int i = 0; i < 50; i++) {
		assert_int_equal(pthread_create(&thread, NULL, use_keys, NULL), 0);
		pthread_join(thread, NULL);
		assert_true(!strcmp(seen[0], "1") || !strcmp(seen[0], "2"));
		assert_true(!strcmp(seen[1], "1") || !strcmp(seen[1], "2"));
	}
	assert_string_equal(custom("increment"), "2");
	flyte_context_exit(token);
}

#ifndef __SANITIZE_THREAD__ /* its runtime is gone in the last round, and crashes */

static pthread_key_t key_again;
static int rounds;

/* In every round that there is, also the last, and what it enters stays entered. */
static void destroy_again(void *value)
{
	rounds++;
	pthread_setspecific(key_again, value);
	enter_in_destructor(2);
}

static void *use_key_again(void *unused)
{
	enter("thread", "1");
	pthread_setspecific(key_again, seen);
	return unused;
}

static void a_destructor_that_never_stops_entering(void **state)
{
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_key_create(&key_again, destroy_again), 0);
	assert_int_equal(pthread_create(&thread, NULL, use_key_again, NULL), 0);
	pthread_join(thread, NULL);
	assert_true(rounds > 1);
	assert_string_equal(seen[2], "1");
	pthread_key_delete(key_again);
}

#endif

/* --- vfork --- */

/* Reads and starts in the parent's memory; the parent finds all as it was. */
static void a_vfork_child_reads_and_starts(void **state)
{
	char *const argv[] = { "sh", "-c", "case $FLYTE_CTX in *kv-forked~-v.*) exit 5; esac",
			       NULL };
	char *const empty[] = { NULL };
	flyte_token token = enter("forked", "v");
	const struct flyte_task_context *before = flyte_ctx_get();

	(void)state;
	for (int i = 0; i < 50; i++) {
		pid_t pid = vfork();

		if (pid == 0) {
			if (flyte_ctx_get() != before || strcmp(custom("forked"), "v") != 0)
				_exit(1);
			flyte_ctx_release(flyte_ctx_retain(flyte_ctx_get()));
			execve("/bin/sh", argv, empty);
			_exit(2);
		}
		assert_int_equal(wait_for(pid), 5);
		assert_ptr_equal(flyte_ctx_get(), before);
	}
	assert_int_equal(flyte_context_exit(token), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(destructors_may_enter_before_and_after_ours),
#ifndef __SANITIZE_THREAD__
		cmocka_unit_test(a_destructor_that_never_stops_entering),
#endif
		cmocka_unit_test(a_vfork_child_reads_and_starts),
	};

	/* Before the first scope of all: our own key comes after it. */
	if (pthread_key_create(&key_before, destroy_before))
		return 1;
	return cmocka_run_group_tests_name("destructors", tests, NULL, NULL);
}
