/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hooks_thread - the hooks that start a thread, or switch what runs on one.
 */
#include <errno.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <threads.h>
#include <time.h>
#include <ucontext.h>

#include "driver.h"

static void *note(void *unused)
{
	snprintf(started, sizeof(started), "%s", scope());
	sem_post(&heard);
	return unused;
}

static int note_c11(void *unused)
{
	note(unused);
	return 0;
}
static void notified(union sigval value)
{
	note(value.sival_ptr);
}

static void do_pthread_create(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, note, NULL);

	if (!error)
		pthread_join(thread, NULL);
	end_line("pthread_create", error, 0);
}

static void do_thrd_create(void)
{
	thrd_t thread;
	int error = thrd_create(&thread, note_c11, NULL);

	if (!error)
		thrd_join(thread, NULL);
	end_line("thrd_create", error, 0);
}

static void do_timer_create(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = notified };
	struct itimerspec soon = { .it_value.tv_nsec = 1 };
	timer_t timer;
	int result = timer_create(CLOCK_MONOTONIC, &event, &timer), error = errno;

	if (!result) {
		timer_settime(timer, 0, &soon, NULL);
		sem_wait(&heard);
		timer_delete(timer);
	}
	end_line("timer_create", result, error);
}

static void do_mq_notify(void)
{
	end_call("mq_notify", mq_notify((mqd_t)-1, NULL));
}

static ucontext_t caller, other;
static char stack[65536];

static void switched(void)
{
	note(NULL);
	swapcontext(&other, &caller);
}

__attribute__((unused)) static void do_swapcontext(void)
{
	int result;

	getcontext(&other);
	other.uc_stack.ss_sp = stack;
	other.uc_stack.ss_size = sizeof(stack);
	makecontext(&other, switched, 0);
	result = swapcontext(&caller, &other);
	end_call("swapcontext", result);
}

const struct hook thread_hooks[] = {
	{ "pthread_create", do_pthread_create, CALLS },
	{ "thrd_create", do_thrd_create, CALLS },
	{ "timer_create", do_timer_create, CALLS },
	{ "mq_notify", do_mq_notify, CALLS },
#ifdef __GLIBC__
	{ "swapcontext", do_swapcontext, CALLS },
#endif
	{ NULL, NULL, 0 },
};
