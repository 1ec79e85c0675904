/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim/hooks/callback.c: expiries while timers are made and deleted on other threads (SPEC 3.3).
 *
 * ThreadSanitizer does not know the threads that libc makes itself, and crashes in them. There
 * libc's part is done here, by threads that it knows.
 */
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "shim_test.h"

enum { MAKERS = 4, ROUNDS = 2000 };

static atomic_int running, own_scope, no_scope, foreign_scope;

/* Its value says what its scope is. */
static void check_own(union sigval value)
{
	char expected[16];

	snprintf(expected, sizeof(expected), "%d", value.sival_int);
	if (!strcmp(custom("scope"), expected))
		atomic_fetch_add(&own_scope, 1);
	else
		atomic_fetch_add(strcmp(custom("scope"), "-") ? &foreign_scope : &no_scope, 1);
}

#ifdef __SANITIZE_THREAD__
#include <dlfcn.h>

/* The shim's, which is linked into this program. */
enum {
	REAL_COUNT = 0
#define HOOK(file, ret, name, presence, missing, signature) +1
#define POOL(file, ret, name, signature)
#define IMPORT(ret, name, presence, missing, signature) +1
#define POOL_IMPORT(ret, name, signature)
#include "hooks.def"
#include "imports.def"
};

extern void *_Atomic real_table[REAL_COUNT];

static int make(clockid_t clock, struct sigevent *event, timer_t *timer)
{
	struct sigevent *copy = malloc(sizeof(*copy));

	(void)clock;
	*copy = *event;
	*timer = copy;
	return 0;
}

static int delete (timer_t timer)
{
	free(timer);
	return 0;
}

static void put_in_place_of(const char *name, void *function)
{
	void *real = dlsym(RTLD_NEXT, name);

	for (int i = 0; i < REAL_COUNT; i++)
		if (atomic_load(&real_table[i]) == real)
			atomic_store(&real_table[i], function);
}

static int be_libc(void **state)
{
	timer_t timer = NULL;

	(void)state;
	/* So that they are looked up. */
	timer_create(99, NULL, &timer);
	timer_delete(timer);
	put_in_place_of("timer_create", (void *)(uintptr_t)make);
	put_in_place_of("timer_delete", (void *)(uintptr_t) delete);
	return 0;
}

static void *expire(void *given)
{
	struct sigevent event = *(struct sigevent *)given;

	free(given);
	event.sigev_notify_function(event.sigev_value);
	atomic_fetch_sub(&running, 1);
	return NULL;
}

static void start(timer_t timer)
{
	for (int i = 0; i < 2; i++) {
		struct sigevent *copy = malloc(sizeof(*copy));
		pthread_t thread;

		*copy = *(struct sigevent *)timer;
		atomic_fetch_add(&running, 1);
		assert_int_equal(pthread_create(&thread, NULL, expire, copy), 0);
		pthread_detach(thread);
	}
}
#else
static int be_libc(void **state)
{
	(void)state;
	return 0;
}

static void start(timer_t timer)
{
	struct itimerspec when = { { 0, 20000 }, { 0, 1 } };

	assert_int_equal(timer_settime(timer, 0, &when, NULL), 0);
}
#endif

static void *make_and_delete(void *first)
{
	char value[16];

	for (int i = 0; i < ROUNDS; i++) {
		int number = *(int *)first + i;
		struct sigevent event = { .sigev_notify = SIGEV_THREAD };
		flyte_token token;
		timer_t timer;

		snprintf(value, sizeof(value), "%d", number);
		event.sigev_notify_function = check_own;
		event.sigev_value.sival_int = number;
		token = enter("scope", value);
		assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
		flyte_context_exit(token);
		start(timer);
		if (i % 4 == 0)
			sched_yield();
		assert_int_equal(timer_delete(timer), 0);
	}
	return NULL;
}

/*
 * Callbacks overlap, and come after their timer was deleted. Each still has its own scope, or,
 * 256 deletions later, the process's; never that of another.
 */
static void expiries_while_timers_are_deleted(void **state)
{
	static int first[MAKERS] = { 1000000, 2000000, 3000000, 4000000 };
	struct timespec moment = { 0, 10000000 };
	pthread_t threads[MAKERS];

	(void)state;
	for (int i = 0; i < MAKERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, make_and_delete, &first[i]), 0);
	for (int i = 0; i < MAKERS; i++)
		pthread_join(threads[i], NULL);
	do
		nanosleep(&moment, NULL);
	while (atomic_load(&running));
	print_message("# %d callbacks in their scope, %d in none\n", own_scope, no_scope);
	assert_int_equal(foreign_scope, 0);
	assert_true(own_scope > 0);
}

/*
 * The last that have ended keep their scope: here they get that of a scope which is entered, so
 * that LeakSanitizer, which does not know the shim's memory, finds it.
 */
static int let_go(void **state)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD };
	timer_t timer;

	(void)state;
	enter("scope", "last");
	event.sigev_notify_function = check_own;
	for (int i = 0; i < 256; i++)
		if (timer_create(CLOCK_MONOTONIC, &event, &timer) || timer_delete(timer))
			return -1;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expiries_while_timers_are_deleted),
	};

	return cmocka_run_group_tests_name("callback races", tests, be_libc, let_go);
}
