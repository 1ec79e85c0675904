/* SPDX-License-Identifier: Apache-2.0 */
/*
 * callback_test - what the tests of callbacks share: timers, queues, and what a callback saw.
 */
#ifndef FLYTECTX_CALLBACK_TEST_H
#define FLYTECTX_CALLBACK_TEST_H

#include <mqueue.h>
#include <semaphore.h>

#include "shim_test.h"

/* How many callbacks came, and what the last one saw. */
static sem_t came;
static char seen[16];

static inline void look(union sigval key)
{
	snprintf(seen, sizeof(seen), "%s", custom(key.sival_ptr));
	sem_post(&came);
}

static inline void expect_callback(const char *expected)
{
	while (sem_wait(&came))
		;
	assert_string_equal(seen, expected);
}

static inline struct sigevent call(void (*function)(union sigval), void *value)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD };

	event.sigev_notify_function = function;
	event.sigev_value.sival_ptr = value;
	return event;
}

static inline timer_t make_timer(void (*function)(union sigval), void *value)
{
	struct sigevent event = call(function, value);
	timer_t timer;

	assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
	return timer;
}

/* With an interval it goes on. */
static inline void start(timer_t timer, long nanoseconds, long interval)
{
	struct itimerspec when = { { 0, interval }, { 0, nanoseconds } };

	assert_int_equal(timer_settime(timer, 0, &when, NULL), 0);
}

static inline int set_up(void **state)
{
	(void)state;
	return sem_init(&came, 0, 0);
}

static char queue_name[64];

static inline mqd_t open_queue(void)
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

static inline int ask(mqd_t queue, const char *scope, void (*function)(union sigval))
{
	struct sigevent event = call(function, "scope");
	flyte_token token = enter("scope", scope);
	int result = mq_notify(queue, &event);

	flyte_context_exit(token);
	return result;
}

static inline void send_and_receive(mqd_t queue)
{
	char message[8];

	assert_int_equal(mq_send(queue, "x", 1, 0), 0);
	assert_int_equal(mq_receive(queue, message, sizeof(message), NULL), 1);
}

/*
 * The last that have ended keep their scope: here they get that of a scope which is entered, so
 * that LeakSanitizer, which does not know the shim's memory, finds it.
 */
static inline int tear_down(void **state)
{
	(void)state;
	enter("scope", "last");
	for (int i = 0; i < 256; i++)
		timer_delete(make_timer(look, "scope"));
	return sem_destroy(&came);
}

#endif
