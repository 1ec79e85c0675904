/* SPDX-License-Identifier: Apache-2.0 */
/*
 * states_thread - the states of a process that has threads, and of a thread that ends.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "driver.h"

static void *call_on_thread(void *unused)
{
	call();
	return unused;
}

static void run(void *(*routine)(void *), size_t stack)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	if (stack)
		pthread_attr_setstacksize(&attributes, stack);
	if (pthread_create(&thread, &attributes, routine, NULL) == 0)
		pthread_join(thread, NULL);
	else
		say("no thread\n");
}

static void second_thread(void)
{
	run(call_on_thread, 0);
}
static void thread_of_16_kib(void)
{
	run(call_on_thread, 16384);
}

static pthread_key_t key;

static void end_of_thread(void *unused)
{
	(void)unused;
	call();
}
static void *set_key(void *unused)
{
	pthread_setspecific(key, &key);
	return unused;
}
static void key_destructor(void)
{
	pthread_key_create(&key, end_of_thread);
	run(set_key, 0);
}

/* What a compiler calls for a thread_local object of C++ that has a destructor. */
extern int __cxa_thread_atexit_impl(void (*)(void *), void *, void *) __attribute__((weak));
extern char __dso_handle;

static bool has_no_thread_local(void)
{
	return !__cxa_thread_atexit_impl;
}
static void *make_object(void *unused)
{
	__cxa_thread_atexit_impl(end_of_thread, NULL, &__dso_handle);
	return unused;
}
static void thread_local_destructor(void)
{
	run(make_object, 0);
}

static sem_t held;

static void *hold(void *unused)
{
	flockfile(stdout);
	flockfile(stderr);
	sem_post(&held);
	pause();
	return unused;
}

static void stdio_locked(void)
{
	pthread_t thread;

	sem_init(&held, 0, 0);
	pthread_create(&thread, NULL, hold, NULL);
	sem_wait(&held);
	call();
	_exit(0);
}

const struct state thread_states[] = {
	{ "second_thread", second_thread, ANY, 0, NULL },
	{ "thread_of_16_kib", thread_of_16_kib, ANY, 0, NULL },
	{ "key_destructor", key_destructor, ANY, LATE, NULL },
	{ "thread_local_destructor", thread_local_destructor, ANY, 0, has_no_thread_local },
	{ "stdio_locked", stdio_locked, ANY, 0, NULL },
	{ NULL, NULL, 0, 0, NULL },
};
