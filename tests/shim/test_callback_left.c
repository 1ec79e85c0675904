/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What callbacks leave behind (SPEC 3.3): nothing, also in a fork child and at exit.
 */

#include "callback_test.h"

#define ROUNDS    100000
#define TOLERATED 65536 /* with what 256 scopes take, and the sanitizers' rounding */

static long resident_pages(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long size, resident = 0;

	assert_non_null(file);
	if (fscanf(file, "%ld %ld", &size, &resident) != 2)
		fail();
	fclose(file);
	return resident;
}

static void timer_round(int number)
{
	char value[16];
	flyte_token token;
	timer_t timer;

	snprintf(value, sizeof(value), "%d", number);
	token = enter("scope", value);
	timer = make_timer(look, "scope");
	flyte_context_exit(token);
	if (number % 100 == 0) {
		start(timer, 1, 0);
		expect_callback(value);
	}
	assert_int_equal(timer_delete(timer), 0);
}

/* Given up in each of the three ways, and by close(2). */
static void queue_round(int number)
{
	mqd_t queue = open_queue();
	char value[16];

	snprintf(value, sizeof(value), "%d", number);
	assert_int_equal(ask(queue, value, look), 0);
	if (number % 100 == 0) {
		send_and_receive(queue);
		expect_callback(value);
	} else if (number % 3 == 0) {
		assert_int_equal(mq_notify(queue, NULL), 0);
	}
	assert_int_equal(number % 2 ? mq_close(queue) : close(queue), 0);
}

/* Not where memory is kept for a while after free(). */
static bool pages_count(void)
{
#if defined(__SANITIZE_ADDRESS__)
	return false;
#else
	return !strstr(getenv("LD_PRELOAD"), "vgpreload");
#endif
}

static void nothing_grows(void (*one_round)(int), int rounds)
{
	size_t before;
	long pages;

	for (int i = 0; i < 1000; i++)
		one_round(i);
	before = bytes_in_use();
	pages = resident_pages();
	for (int i = 0; i < rounds; i++)
		one_round(i);
	if (bytes_in_use() > before + TOLERATED)
		fail_msg("%zu bytes more than before", bytes_in_use() - before);
	if (pages_count() && resident_pages() > pages + 256)
		fail_msg("%ld pages more than before", resident_pages() - pages);
}

static void timers_leave_nothing_behind(void **state)
{
	(void)state;
	nothing_grows(timer_round, ROUNDS);
}

static void queues_leave_nothing_behind(void **state)
{
	(void)state;
	nothing_grows(queue_round, ROUNDS / 10);
}

/* Timers are not inherited; what is kept of them in the child harms nobody, also under their id. */
static void a_fork_child_has_timers_of_its_own(void **state)
{
	flyte_token token = enter("scope", "parent");
	timer_t timers[100];
	pid_t pid;

	(void)state;
	for (int i = 0; i < 100; i++)
		timers[i] = make_timer(look, "scope");
	pid = fork();
	if (pid == 0) {
		timer_t mine = make_timer(look, "increment");

		start(mine, 1, 0);
		while (sem_wait(&came))
			;
		_exit(strcmp(seen, "1") || timer_delete(mine) ? 1 : 0);
	}
	assert_int_equal(wait_for(pid), 0);
	start(timers[99], 1, 0);
	expect_callback("parent");
	for (int i = 0; i < 100; i++)
		assert_int_equal(timer_delete(timers[i]), 0);
	flyte_context_exit(token);
}

/* Timers that go on while the process ends. */
static void timers_may_run_at_exit(void **state)
{
	pid_t pid;

	(void)state;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		enter("scope", "exit");
		for (int i = 0; i < 20; i++)
			start(make_timer(look, "scope"), 1, 10000);
		_exit(0);
	}
	assert_int_equal(wait_for(pid), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timers_leave_nothing_behind),
		cmocka_unit_test(queues_leave_nothing_behind),
		cmocka_unit_test(a_fork_child_has_timers_of_its_own),
		cmocka_unit_test(timers_may_run_at_exit),
	};

#ifdef __SANITIZE_THREAD__
	puts("1..1\nok 1 - callback # SKIP ThreadSanitizer crashes in threads that libc makes "
	     "itself; test_callback_races has others");
	return 0;
#endif
	return cmocka_run_group_tests_name("callback_left", tests, set_up, tear_down);
}
