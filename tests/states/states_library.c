/* SPDX-License-Identifier: Apache-2.0 */
/*
 * states_library - the states of a process that opens and closes libraries.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
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

static void *load(void)
{
	void *library = dlopen(plugin, RTLD_NOW);

	if (!library)
		say("the plugin can't be loaded\n");
	return library;
}

static void constructor(void)
{
	states_constructor = call;
	load();
}
static void constructor_waits(void)
{
	states_constructor = call_and_wait;
	load();
}
/* musl closes no library before the process ends. */
__attribute__((unused)) static void destructor(void)
{
	states_destructor = call;
	dlclose(load());
}
__attribute__((unused)) static void destructor_waits(void)
{
	states_destructor = call_and_wait;
	dlclose(load());
}
/* glibc's own threads of timers wait for the loader there. */
__attribute__((unused)) static void resolver(void)
{
	states_resolver = call;
	load();
}

static sem_t loading, called;
static volatile int loaded;

/* Until the call is back: 20 s are for one that waits for the load. */
static void load_slowly(void)
{
	struct timespec limit;

	clock_gettime(CLOCK_REALTIME, &limit);
	limit.tv_sec += 20;
	sem_post(&loading);
	sem_timedwait(&called, &limit);
}
static void *load_on_thread(void *unused)
{
	load();
	loaded = 1;
	return unused;
}

static void beside_dlopen(void)
{
	pthread_t thread;

	sem_init(&loading, 0, 0);
	sem_init(&called, 0, 0);
	states_constructor = load_slowly;
	pthread_create(&thread, NULL, load_on_thread, NULL);
	sem_wait(&loading);
	call();
	say(loaded ? "after the load\n" : "before the load ends\n");
	_exit(0);
}

/* Libraries of static TLS, beside the plugin, until no more can be loaded: musl refuses the first.
 */
__attribute__((unused)) static void static_tls_used_up(void)
{
	char path[512], line[64];
	int count = 0;

	for (int i = 0; i < 16; i++) {
		snprintf(path, sizeof(path), "%.480s.tls-%d", plugin, i);
		if (dlopen(path, RTLD_NOW))
			count++;
	}
	snprintf(line, sizeof(line), "%d libraries\n", count);
	say(line);
	call();
}

const struct state library_states[] = {
	{ "constructor", constructor, ANY, 0, NULL },
	{ "constructor_waits", constructor_waits, ANY, 0, NULL },
#ifdef __GLIBC__
	{ "destructor", destructor, ANY, 0, NULL },
	{ "destructor_waits", destructor_waits, ANY, 0, NULL },
	{ "resolver", resolver, STARTS | CALLS | FORKS, 0, NULL },
	{ "static_tls_used_up", static_tls_used_up, ANY, 0, NULL },
#endif
	{ "beside_dlopen", beside_dlopen, ANY, 0, NULL },
	{ NULL, NULL, 0, 0, NULL },
};
