/* SPDX-License-Identifier: Apache-2.0 */
/* shim/hooks/thread.c, thread_end.c: a thread starts with its creator's context (SPEC 3.2). */
#include <semaphore.h>
#include <sys/resource.h>
#include <threads.h>

#include "shim_test.h"

static void *look(void *key)
{
	return strdup(custom(key));
}

static void check_thread(const pthread_attr_t *attributes, const char *key, const char *expected)
{
	pthread_t thread;
	void *seen;

	assert_int_equal(pthread_create(&thread, attributes, look, (void *)(uintptr_t)key), 0);
	assert_int_equal(pthread_join(thread, &seen), 0);
	assert_string_equal(seen, expected);
	free(seen);
}

static void a_thread_has_its_creators_context(void **state)
{
	flyte_token token = enter("scope", "one");

	(void)state;
	check_thread(NULL, "scope", "one");
	check_thread(NULL, "increment", "1");
	flyte_context_exit(token);
	check_thread(NULL, "scope", "-");
	check_thread(NULL, "increment", "1");
}

static void attributes_are_the_callers(void **state)
{
	flyte_token token = enter("scope", "small");
	pthread_attr_t attributes;

	(void)state;
	pthread_attr_init(&attributes);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	assert_int_equal(pthread_attr_setstacksize(&attributes, 16384), 0);
#endif
	check_thread(&attributes, "scope", "small");
	pthread_attr_destroy(&attributes);
	flyte_context_exit(token);
}

#ifndef __SANITIZE_THREAD__ /* its runtime does not know thrd_create, and crashes in such threads  \
			     */
static int look_c11(void *result)
{
	*(char **)result = strdup(custom("scope"));
	return 42;
}

static void a_c11_thread_too(void **state)
{
	flyte_token token = enter("scope", "c11");
	char *seen = NULL;
	thrd_t thread;
	int status;

	(void)state;
	assert_int_equal(thrd_create(&thread, look_c11, &seen), thrd_success);
	assert_int_equal(thrd_join(thread, &status), thrd_success);
	assert_int_equal(status, 42);
	assert_string_equal(seen, "c11");
	free(seen);
	flyte_context_exit(token);
}
#endif

static sem_t go;

static void *wait_and_look(void *key)
{
	sem_wait(&go);
	return look(key);
}

static void a_thread_outlives_the_scope(void **state)
{
	flyte_token token = enter("scope", "gone");
	pthread_t thread;
	void *seen;

	(void)state;
	sem_init(&go, 0, 0);
	assert_int_equal(pthread_create(&thread, NULL, wait_and_look, "scope"), 0);
	flyte_context_exit(token);
	flyte_context_exit(enter("scope", "other")); /* frees what was put aside */
	sem_post(&go);
	pthread_join(thread, &seen);
	assert_string_equal(seen, "gone");
	free(seen);
}

/* More than the pool of starts has room for. */
static void many_at_once(void **state)
{
	enum { MANY = 200 };
	pthread_t threads[MANY];
	char value[16];

	(void)state;
	sem_init(&go, 0, 0);
	for (int i = 0; i < MANY; i++) {
		flyte_token token;

		snprintf(value, sizeof(value), "%d", i);
		token = enter("scope", value);
		assert_int_equal(pthread_create(&threads[i], NULL, wait_and_look, "scope"), 0);
		assert_int_equal(flyte_context_exit(token), 0);
	}
	for (int i = 0; i < MANY; i++)
		sem_post(&go);
	for (int i = 0; i < MANY; i++) {
		void *seen;

		snprintf(value, sizeof(value), "%d", i);
		pthread_join(threads[i], &seen);
		assert_string_equal(seen, value);
		free(seen);
	}
}

static void *leave_entered(void *how)
{
	enter("inside", "thread");
	if (how)
		pthread_exit(NULL);
	return NULL;
}

static void *wait_for_cancel(void *unused)
{
	enter("inside", "cancelled");
	sem_post(&go);
	for (;;)
		pause();
	return unused;
}

/* Whatever a thread leaves entered goes with it, however it ends; LeakSanitizer looks. */
static void a_thread_may_end_inside_scopes(void **state)
{
	flyte_token token = enter("scope", "outer");
	pthread_t thread;

	(void)state;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(
			pthread_create(&thread, NULL, leave_entered, i % 2 ? &thread : NULL), 0);
		pthread_join(thread, NULL);
	}
	sem_init(&go, 0, 0);
	assert_int_equal(pthread_create(&thread, NULL, wait_for_cancel, NULL), 0);
	sem_wait(&go);
	pthread_cancel(thread);
	pthread_join(thread, NULL);
	flyte_context_exit(token);
}

static pthread_key_t key_before, key_after;
static char *seen_before, *seen_after;

static void destroy_before(void *unused)
{
	(void)unused;
	free(seen_before);
	seen_before = strdup(custom("increment"));
}

static void destroy_after(void *unused)
{
	(void)unused;
	free(seen_after);
	seen_after = strdup(custom("increment"));
	flyte_context_exit(enter("late", "1"));
}

static void *set_keys(void *unused)
{
	pthread_setspecific(key_before, &go);
	pthread_setspecific(key_after, &go);
	return unused;
}

/* Destructors of others run before and after ours: both see a context that is valid. */
static void destructors_see_something_valid(void **state)
{
	flyte_token token = enter("increment", "2");
	pthread_t thread;

	(void)state;
	pthread_key_create(&key_before, destroy_before);
	pthread_key_create(&key_after, destroy_after);
	assert_int_equal(pthread_create(&thread, NULL, set_keys, NULL), 0);
	pthread_join(thread, NULL);
	assert_true(!strcmp(seen_before, "2") || !strcmp(seen_before, "1"));
	assert_true(!strcmp(seen_after, "2") || !strcmp(seen_after, "1"));
	free(seen_before);
	free(seen_after);
	flyte_context_exit(token);
}

/* EAGAIN, a thousand times: neither the start nor the reference is lost. */
static void a_failed_create_gives_everything_back(void **state)
{
	flyte_token token = enter("scope", "failing");
	pthread_attr_t attributes;
	pthread_t thread;

	(void)state;
	pthread_attr_init(&attributes);
	assert_int_equal(pthread_attr_setstacksize(&attributes, (size_t)1 << 46), 0);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(pthread_create(&thread, &attributes, look, "scope"), EAGAIN);
	pthread_attr_destroy(&attributes);
	check_thread(NULL, "scope", "failing");
	assert_int_equal(flyte_context_exit(token), 0);
}

static void *use_a_scope_of_its_own(void *name)
{
	for (int i = 0; i < 2000; i++) {
		flyte_token token = enter("scope", name);

		if (strcmp(custom("scope"), name) != 0 || flyte_context_exit(token) != 0)
			return NULL;
		if (strcmp(custom("scope"), "-") != 0)
			return NULL;
	}
	return name;
}

static void siblings_never_see_each_other(void **state)
{
	static char names[8][2] = { "a", "b", "c", "d", "e", "f", "g", "h" };
	pthread_t threads[8];

	(void)state;
	for (int i = 0; i < 8; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, use_a_scope_of_its_own, names[i]), 0);
	for (int i = 0; i < 8; i++) {
		void *result;

		pthread_join(threads[i], &result);
		assert_ptr_equal(result, names[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thread_has_its_creators_context),
		cmocka_unit_test(attributes_are_the_callers),
#ifndef __SANITIZE_THREAD__
		cmocka_unit_test(a_c11_thread_too),
#endif
		cmocka_unit_test(a_thread_outlives_the_scope),
		cmocka_unit_test(many_at_once),
		cmocka_unit_test(a_thread_may_end_inside_scopes),
		cmocka_unit_test(destructors_see_something_valid),
		cmocka_unit_test(a_failed_create_gives_everything_back),
		cmocka_unit_test(siblings_never_see_each_other),
	};

	return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
