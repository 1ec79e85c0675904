/* SPDX-License-Identifier: Apache-2.0 */
/* shim/hooks/callback.c: callbacks of SIGEV_THREAD have the context of their registration (SPEC 3).
 */
#include <fcntl.h>
#include <malloc.h>
#include <mqueue.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#include "shim_test.h"

/* How many callbacks came, and what the last one saw. */
static sem_t came;
static char seen[16];

static void look(union sigval key)
{
	snprintf(seen, sizeof(seen), "%s", custom(key.sival_ptr));
	sem_post(&came);
}

static void expect_callback(const char *expected)
{
	while (sem_wait(&came))
		;
	assert_string_equal(seen, expected);
}

static struct sigevent call(void (*function)(union sigval), void *value)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD };

	event.sigev_notify_function = function;
	event.sigev_value.sival_ptr = value;
	return event;
}

static timer_t make_timer(void (*function)(union sigval), void *value)
{
	struct sigevent event = call(function, value);
	timer_t timer;

	assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
	return timer;
}

/* With an interval it goes on. */
static void start(timer_t timer, long nanoseconds, long interval)
{
	struct itimerspec when = { { 0, interval }, { 0, nanoseconds } };

	assert_int_equal(timer_settime(timer, 0, &when, NULL), 0);
}

static int set_up(void **state)
{
	(void)state;
	return sem_init(&came, 0, 0);
}

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

/* --- queues --- */

static char queue_name[64];

static mqd_t open_queue(void)
{
	struct mq_attr attributes = { .mq_maxmsg = 4, .mq_msgsize = 8 };
	mqd_t queue;

	snprintf(queue_name, sizeof(queue_name), "/flytectx-test-%d", (int)getpid());
	queue = mq_open(queue_name, O_CREAT | O_RDWR | O_NONBLOCK, 0600, &attributes);
	mq_unlink(queue_name);
	if (queue == (mqd_t)-1)
		skip();
	return queue;
}

static int ask(mqd_t queue, const char *scope, void (*function)(union sigval))
{
	struct sigevent event = call(function, "scope");
	flyte_token token = enter("scope", scope);
	int result = mq_notify(queue, &event);

	flyte_context_exit(token);
	return result;
}

static void send_and_receive(mqd_t queue)
{
	char message[8];

	assert_int_equal(mq_send(queue, "x", 1, 0), 0);
	assert_int_equal(mq_receive(queue, message, sizeof(message), NULL), 1);
}

static void a_queue_has_the_context_of_its_registration(void **state)
{
	mqd_t queue = open_queue();

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ask(queue, "queue", look), 0);
		errno = 0;
		assert_int_equal(ask(queue, "refused", look), -1);
		assert_int_equal(errno, EBUSY);
		send_and_receive(queue);
		expect_callback("queue");
		send_and_receive(queue); /* it notifies once */
	}
	assert_int_equal(ask(queue, "first", look), 0);
	assert_int_equal(mq_notify(queue, NULL), 0);
	send_and_receive(queue);
	assert_int_equal(ask(queue, "second", look), 0);
	send_and_receive(queue);
	expect_callback("second");
	assert_int_equal(mq_close(queue), 0);
	assert_int_equal(sem_trywait(&came), -1);
}

static mqd_t asked_again;

static void ask_again(union sigval key)
{
	struct sigevent event = call(look, key.sival_ptr);

	enter("scope", "again");
	if (mq_notify(asked_again, &event) == 0)
		sem_post(&came);
}

static void a_callback_may_register_the_next(void **state)
{
	(void)state;
	asked_again = open_queue();
	assert_int_equal(ask(asked_again, "once", ask_again), 0);
	send_and_receive(asked_again);
	sem_wait(&came);
	send_and_receive(asked_again);
	expect_callback("again");
	assert_int_equal(mq_close(asked_again), 0);
}

/* --- what is left behind --- */

#define ROUNDS    100000
#define TOLERATED 65536 /* with what 256 scopes take, and the sanitizers' rounding */

static size_t bytes_in_use(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

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

/*
 * The last that have ended keep their scope: here they get that of a scope which is entered, so
 * that LeakSanitizer, which does not know the shim's memory, finds it.
 */
static int tear_down(void **state)
{
	(void)state;
	enter("scope", "last");
	for (int i = 0; i < 256; i++)
		timer_delete(make_timer(look, "scope"));
	return sem_destroy(&came);
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
		cmocka_unit_test(a_queue_has_the_context_of_its_registration),
		cmocka_unit_test(a_callback_may_register_the_next),
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
	return cmocka_run_group_tests_name("callback", tests, set_up, tear_down);
}
