/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim/hooks/coroutine.c: coroutines that go on on other threads have their context there
 * (SPEC 3.5).
 */

#include "coroutine_test.h"

static void *resume_in_a_scope(void *coroutine)
{
	flyte_token own = enter("scope", "other thread"), inside;

	while (resume(coroutine)) {
		assert_string_equal(custom("scope"), "other thread");
		assert_int_equal(flyte_context_exit(of_coroutine), -1);
		inside = enter("scope", "within");
		assert_int_equal(flyte_context_exit(inside), 0);
	}
	assert_string_equal(custom("scope"), "other thread");
	assert_int_equal(flyte_context_exit(own), 0);
	assert_string_equal(custom("scope"), "-");
	return NULL;
}

/* Its scopes may be exited where it goes on, and only by itself. */
static void move(struct coroutine *self)
{
	for (int i = 0; i < 5; i++) {
		flyte_token outer = enter("scope", "moving");

		of_coroutine = outer;
		FLYTE_CUSTOM_CONTEXT ("inner", "moving") {
			yield(self);
			assert_string_equal(custom("inner"), "moving");
		}
		assert_string_equal(custom("inner"), "-");
		assert_string_equal(custom("scope"), "moving");
		assert_int_equal(flyte_context_exit(outer), 0);
		assert_int_equal(flyte_context_exit(outer), -1);
		assert_string_equal(custom("scope"), "-");
	}
}

static void a_coroutine_goes_on_on_another_thread(void **state)
{
	struct coroutine *coroutine = make(move, NULL);
	flyte_token token, next;
	pthread_t thread;

	(void)state;
	assert_true(resume(coroutine));
	token = enter("scope", "thread");
	next = enter("scope", "thread");
	flyte_context_exit(token);
	assert_int_equal(pthread_create(&thread, NULL, resume_in_a_scope, coroutine), 0);
	pthread_join(thread, NULL);
	assert_true(coroutine->ended);
	assert_int_equal(flyte_context_exit(next), -1);
	assert_string_equal(custom("scope"), "-");
	destroy(coroutine);
}

/* --- a scheduler that lets any of its threads go on with any coroutine --- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct coroutine *ready[COROUTINES];
static int waiting, alive;

static void go_through_scopes(struct coroutine *self)
{
	flyte_token own = enter("scope", self->argument);

	for (int i = 0; i < STEPS; i++) {
		flyte_token inner = enter("inner", self->argument);

		yield(self);
		assert_string_equal(custom("scope"), self->argument);
		assert_string_equal(custom("inner"), self->argument);
		if (i % 3) {
			assert_int_equal(flyte_context_exit(inner), 0);
		} else {
			assert_int_equal(flyte_context_exit(own), 0);
			assert_int_equal(flyte_context_exit(inner), -1);
			own = enter("scope", self->argument);
		}
		yield(self);
		assert_string_equal(custom("inner"), "-");
	}
}

static struct coroutine *take(void)
{
	struct coroutine *taken = NULL;

	pthread_mutex_lock(&lock);
	if (waiting) {
		taken = ready[0];
		waiting--;
		memmove(ready, ready + 1, (size_t)waiting * sizeof(*ready));
	}
	pthread_mutex_unlock(&lock);
	return taken;
}

static void put(struct coroutine *coroutine, bool goes_on)
{
	pthread_mutex_lock(&lock);
	if (goes_on)
		ready[waiting++] = coroutine;
	else
		alive--;
	pthread_mutex_unlock(&lock);
}

static bool any_alive(void)
{
	bool any;

	pthread_mutex_lock(&lock);
	any = alive > 0;
	pthread_mutex_unlock(&lock);
	return any;
}

static void *schedule(void *name)
{
	flyte_token token = enter("scope", name);

	while (any_alive()) {
		struct coroutine *coroutine = take();

		if (!coroutine) {
			sched_yield();
			continue;
		}
		put(coroutine, resume(coroutine));
		assert_string_equal(custom("scope"), name);
	}
	assert_int_equal(flyte_context_exit(token), 0);
	return NULL;
}

static void run_scheduler(void)
{
	static char names[COROUTINES][16];
	struct coroutine *all[COROUTINES];
	pthread_t threads[THREADS];

	for (int i = 0; i < COROUTINES; i++) {
		snprintf(names[i], sizeof(names[i]), "coroutine %d", i);
		all[i] = ready[i] = make(go_through_scopes, names[i]);
	}
	waiting = alive = COROUTINES;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, schedule, "thread"), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < COROUTINES; i++)
		destroy(all[i]);
}

static void any_thread_goes_on_with_any_coroutine(void **state)
{
	size_t before;

	(void)state;
	run_scheduler();
	before = bytes_in_use();
	for (int i = 0; i < 5; i++)
		run_scheduler();
	flyte_context_exit(enter("any", "one")); /* frees what was put aside */
	if (bytes_in_use() > before + 16384)
		fail_msg("%zu bytes more than before", bytes_in_use() - before);
}

static void enter_here_and_exit_there(struct coroutine *self)
{
	for (;;) {
		flyte_token token = enter("scope", "long");

		yield(self);
		assert_int_equal(flyte_context_exit(token), 0);
		yield(self);
	}
}

static pthread_barrier_t turn;

static void *resume_every_other_time(void *coroutine)
{
	for (int i = 0; i < 20000; i++) {
		pthread_barrier_wait(&turn);
		resume(coroutine);
		pthread_barrier_wait(&turn);
	}
	return NULL;
}

/* The thread that exits never enters, and the one that enters never exits. */
static void memory_goes_back_to_those_who_enter(void **state)
{
	struct coroutine *coroutine = make(enter_here_and_exit_there, NULL);
	size_t before = 0, after;
	pthread_t thread;

	(void)state;
	pthread_barrier_init(&turn, NULL, 2);
	assert_int_equal(pthread_create(&thread, NULL, resume_every_other_time, coroutine), 0);
	for (int i = 0; i < 20000; i++) {
		if (i == 1000)
			before = bytes_in_use();
		resume(coroutine);
		pthread_barrier_wait(&turn);
		pthread_barrier_wait(&turn);
	}
	after = bytes_in_use();
	pthread_join(thread, NULL);
	destroy(coroutine);
	if (after > before + 16384)
		fail_msg("%zu bytes more than before", after - before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_coroutine_goes_on_on_another_thread),
		cmocka_unit_test(any_thread_goes_on_with_any_coroutine),
		cmocka_unit_test(memory_goes_back_to_those_who_enter),
	};

#ifdef __SANITIZE_ADDRESS__
	puts("1..1\nok 1 - coroutine_threads # SKIP AddressSanitizer's swapcontext is not libc's: "
	     "what is current stays");
	return 0;
#endif
	return cmocka_run_group_tests_name("coroutine_threads", tests, NULL, NULL);
}
