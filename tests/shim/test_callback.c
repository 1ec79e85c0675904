/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Timers whose notification is a call (SPEC 3.3): the callback has the context of its registration.
 */
#include <sys/resource.h>

#include "callback_test.h"

static void a_timer_has_the_context_of_its_registration(void **state)
{
	flyte_token token = enter("scope", "timer");
	timer_t timer = make_timer(look, "scope"), other;

	(void)state;
	flyte_context_exit(token);
	token = enter("scope", "later");
	other = make_timer(look, "scope");
	for (int i = 0; i < 3; i++) {
		start(timer, 1, 0);
		expect_callback("timer");
	}
	start(other, 1, 0);
	expect_callback("later");
	flyte_context_exit(token);
	assert_int_equal(timer_delete(timer), 0);
	start(other, 1, 0);
	expect_callback("later");
	assert_int_equal(timer_delete(other), 0);
	assert_string_equal(custom("scope"), "-");
}

static void outside_of_scopes_it_has_the_processs(void **state)
{
	timer_t timer = make_timer(look, "increment");
	flyte_token token = enter("increment", "2");

	(void)state;
	start(timer, 1, 0);
	expect_callback("1");
	flyte_context_exit(token);
	assert_int_equal(timer_delete(timer), 0);
}

static union sigval got;

static void take_value(union sigval value)
{
	got = value;
	sem_post(&came);
}

static void the_value_is_the_callers(void **state)
{
	flyte_token token = enter("scope", "value");
	struct sigevent event = call(take_value, (void *)(uintptr_t)0x8123456789abcdef), before;
	timer_t timer;

	(void)state;
	before = event;
	assert_int_equal(timer_create(CLOCK_REALTIME, &event, &timer), 0);
	assert_memory_equal(&event, &before, sizeof(event));
	start(timer, 1, 0);
	sem_wait(&came);
	assert_ptr_equal(got.sival_ptr, (void *)(uintptr_t)0x8123456789abcdef);
	assert_int_equal(timer_delete(timer), 0);
	event.sigev_value.sival_int = -7;
	assert_int_equal(timer_create(CLOCK_REALTIME, &event, &timer), 0);
	start(timer, 1, 0);
	sem_wait(&came);
	assert_int_equal(got.sival_int, -7);
	assert_int_equal(timer_delete(timer), 0);
	flyte_context_exit(token);
}

static size_t stack_size;

static void take_stack_size(union sigval key)
{
	pthread_attr_t attributes;

	pthread_getattr_np(pthread_self(), &attributes);
	pthread_attr_getstacksize(&attributes, &stack_size);
	pthread_attr_destroy(&attributes);
	look(key);
}

static void attributes_are_the_callers(void **state)
{
	flyte_token token = enter("scope", "stack");
	struct sigevent event = call(take_stack_size, "scope");
	pthread_attr_t attributes;
	timer_t timer;

	(void)state;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 16 << 20);
	event.sigev_notify_attributes = &attributes;
	assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
	start(timer, 1, 0);
	expect_callback("stack");
	assert_in_range(stack_size, 16 << 20, (16 << 20) + (64 << 10));
	assert_int_equal(timer_delete(timer), 0);
	pthread_attr_destroy(&attributes);
	flyte_context_exit(token);
}

static void other_notifications_are_untouched(void **state)
{
	flyte_token token = enter("scope", "signal");
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
	sigset_t set;
	siginfo_t info;
	timer_t timer;

	(void)state;
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	event.sigev_value.sival_ptr = &timer;
	assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
	start(timer, 1, 0);
	assert_int_equal(sigwaitinfo(&set, &info), SIGRTMIN);
	assert_ptr_equal(info.si_ptr, &timer);
	assert_int_equal(timer_delete(timer), 0);
	assert_int_equal(timer_create(CLOCK_MONOTONIC, NULL, &timer), 0);
	start(timer, 1, 0);
	assert_int_equal(sigwaitinfo(&set, &info), SIGALRM);
	assert_int_equal(timer_delete(timer), 0);
	flyte_context_exit(token);
}

static timer_t own;

static void delete_own(union sigval key)
{
	if (timer_delete(own) == 0)
		look(key);
}

static void leave_by_exit(union sigval key)
{
	enter("inside", "callback");
	look(key);
	pthread_exit(NULL);
}

static void be_cancelled(union sigval key)
{
	enter("inside", "callback");
	look(key);
	pthread_cancel(pthread_self());
	pause();
}

static void a_callback_may_end_in_any_way(void **state)
{
	static void (*const ways[])(union sigval) = { leave_by_exit, be_cancelled };
	flyte_token token = enter("scope", "ends");
	timer_t timer;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		timer = make_timer(ways[i], "scope");
		for (int j = 0; j < 20; j++) {
			start(timer, 1, 0);
			expect_callback("ends");
		}
		assert_int_equal(timer_delete(timer), 0);
	}
	own = make_timer(delete_own, "scope");
	flyte_context_exit(token);
	start(own, 1, 0);
	expect_callback("ends");
}

static void a_failed_create_gives_everything_back(void **state)
{
	flyte_token token = enter("scope", "failing");
	struct sigevent event = call(look, "scope");
	timer_t timer;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		errno = 0;
		assert_int_equal(timer_create(99, &event, &timer), -1);
		assert_int_equal(errno, EINVAL);
		assert_int_equal(mq_notify(-1, &event), -1);
		assert_int_equal(errno, EBADF);
	}
	flyte_context_exit(token);
}

/* As many as a process may have: 10,000 where the kernel lets it. */
static void many_timers(void **state)
{
	enum { MANY = 10000 };
	static char values[MANY][8];
	static timer_t timers[MANY];
	struct sigevent event;
	struct rlimit limit;
	int made;

	(void)state;
	getrlimit(RLIMIT_SIGPENDING, &limit);
	for (made = 0; made < MANY; made++) {
		flyte_token token;

		snprintf(values[made], sizeof(values[made]), "%d", made);
		token = enter("scope", values[made]);
		event = call(look, "scope");
		if (timer_create(CLOCK_MONOTONIC, &event, &timers[made]))
			break;
		flyte_context_exit(token);
	}
	if (made < MANY) {
		assert_int_equal(errno, EAGAIN);
		assert_true(limit.rlim_cur < MANY * 2);
	}
	for (int i = 0; i < made; i += 97) {
		start(timers[i], 1, 0);
		expect_callback(values[i]);
	}
	for (int i = made; i--;)
		assert_int_equal(timer_delete(timers[i]), 0);
	if (made < MANY)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_timer_has_the_context_of_its_registration),
		cmocka_unit_test(outside_of_scopes_it_has_the_processs),
		cmocka_unit_test(the_value_is_the_callers),
		cmocka_unit_test(attributes_are_the_callers),
		cmocka_unit_test(other_notifications_are_untouched),
		cmocka_unit_test(a_callback_may_end_in_any_way),
		cmocka_unit_test(a_failed_create_gives_everything_back),
		cmocka_unit_test(many_timers),
	};

#ifdef __SANITIZE_THREAD__
	puts("1..1\nok 1 - callback # SKIP ThreadSanitizer crashes in threads that libc makes "
	     "itself; test_callback_races has others");
	return 0;
#endif
	return cmocka_run_group_tests_name("callback", tests, set_up, tear_down);
}
