/* SPDX-License-Identifier: Apache-2.0 */
/*
 * states_library - the states of a process that loads libraries and has threads.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <unistd.h>

#include "driver.h"

static void *call_on_thread(void *unused)
{
	call();
	return unused;
}

static void call_and_wait(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, call_on_thread, NULL) == 0)
		pthread_join(thread, NULL);
}

/* What the plugin calls, by name. */
void (*states_constructor)(void), (*states_destructor)(void), (*states_resolver)(void);

void *load(void)
{
	void *library = dlopen(plugin, RTLD_NOW);

	if (!library)
		say("the plugin can't be loaded\n");
	return library;
}

static void plain(void)
{
	call();
}
static void second_thread(void)
{
	call_and_wait();
}
static void constructor(void)
{
	states_constructor = call_and_wait;
	load();
}
static void destructor(void)
{
	states_destructor = call_and_wait;
	dlclose(load());
}
__attribute__((unused)) static void resolver(void)
{
	states_resolver = call;
	load();
}

static sem_t loading;
static volatile int loaded;

static void load_slowly(void)
{
	sem_post(&loading);
	sleep(2);
}
static void *load_on_thread(void *unused)
{
	load();
	loaded = 1;
	return unused;
}

/* By order, not by time: the call is back before the load. */
static void beside_dlopen(void)
{
	pthread_t thread;

	sem_init(&loading, 0, 0);
	states_constructor = load_slowly;
	pthread_create(&thread, NULL, load_on_thread, NULL);
	sem_wait(&loading);
	call();
	say(loaded ? "after the load\n" : "before the load ends\n");
	_exit(0);
}

const struct state library_states[] = {
	{ "plain", plain, STARTS | CALLS },
	{ "second_thread", second_thread, STARTS | CALLS },
	{ "constructor", constructor, STARTS | CALLS },
	{ "destructor", destructor, STARTS | CALLS },
#ifdef __GLIBC__
	{ "resolver", resolver, STARTS | CALLS },
#endif
	{ "beside_dlopen", beside_dlopen, STARTS | CALLS },
	{ NULL, NULL, 0 },
};
