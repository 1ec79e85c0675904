/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hooks_thread - the hooks that start a thread, or switch what runs on one.
 */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <threads.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "driver.h"

/* Posted once `started` has what the thread says. */
static sem_t heard;

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
	int error;

	come_to_hook();
	error = pthread_create(&thread, NULL, note, NULL);
	if (!error)
		pthread_join(thread, NULL);
	end_line("pthread_create", error, 0);
}

static void do_thrd_create(void)
{
	thrd_t thread;
	int error;

	come_to_hook();
	error = thrd_create(&thread, note_c11, NULL);
	if (!error)
		thrd_join(thread, NULL);
	end_line("thrd_create", error, 0);
}

static void do_timer_create(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = notified };
	struct itimerspec soon = { .it_value.tv_nsec = 1 };
	timer_t timer;
	int result, error;

	sem_init(&heard, 0, 0);
	come_to_hook();
	result = timer_create(CLOCK_MONOTONIC, &event, &timer), error = errno;
	if (!result) {
		timer_settime(timer, 0, &soon, NULL);
		sem_wait(&heard);
		result = timer_delete(timer);
	}
	end_line("timer_create", result, error);
}

/* Where there are no queues, what is said is the error. */
static void do_mq_notify(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = notified };
	struct mq_attr one = { .mq_maxmsg = 1, .mq_msgsize = 1 };
	int result, error;
	char name[64];
	mqd_t queue;

	snprintf(name, sizeof(name), "/flytectx-states-%d", (int)getpid());
	queue = mq_open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600, &one);
	mq_unlink(name);
	sem_init(&heard, 0, 0);
	come_to_hook();
	result = mq_notify(queue, &event), error = errno;
	if (!result) {
		mq_send(queue, "", 1, 0);
		sem_wait(&heard);
		result = mq_close(queue);
	}
	end_line("mq_notify", result, error);
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
	come_to_hook();
	result = swapcontext(&caller, &other);
	end_call("swapcontext", result);
}

const struct hook thread_hooks[] = {
	{ "pthread_create", do_pthread_create, THREADS, NULL },
	{ "thrd_create", do_thrd_create, THREADS, NULL },
	{ "timer_create", do_timer_create, THREADS, NULL },
	{ "mq_notify", do_mq_notify, THREADS, NULL },
#ifdef __GLIBC__
	{ "swapcontext", do_swapcontext, CALLS, NULL },
#endif
	{ NULL, NULL, 0, NULL },
};
