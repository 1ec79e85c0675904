/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that are cancelled as they are made, at every point of their beginning, and threads
 * that have been cancelled and make others. Each in a scope of its own, of which nothing is left.
 */
#include <sched.h>

#include "hostile.h"

static void *wait_for_it(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void *look(void *scope)
{
	return sees((const char *)scope) ? scope : NULL;
}

/* pthread_create is no cancellation point. */
static void *make_one_when_cancelled(void *scope)
{
	pthread_t thread;
	void *result;

	pthread_cancel(pthread_self());
	if (pthread_create(&thread, NULL, look, scope))
		return NULL;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	pthread_join(thread, &result);
	if (result != scope)
		return NULL;
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	pthread_testcancel();
	return NULL;
}

static void round_of(unsigned number)
{
	const char *scope = preloaded() ? "inner" : "nothing";
	flyte_token token = enter("scope", "inner");
	pthread_t thread;
	void *result;

	expect(pthread_create(&thread, NULL, wait_for_it, NULL) == 0);
	for (unsigned i = 0; i < number % 4; i++)
		sched_yield();
	pthread_cancel(thread);
	pthread_join(thread, &result);
	expect(result == PTHREAD_CANCELED);
	pthread_create(&thread, NULL, make_one_when_cancelled, (void *)(uintptr_t)scope);
	pthread_join(thread, &result);
	expect(result == PTHREAD_CANCELED);
	flyte_context_exit(token);
}

int main(int argc, char **argv)
{
	long before = 0;

	hostile_begin(argc, argv);
	for (unsigned i = 0; i < 4000 && !hostile_failures; i++) {
		if (i == 500)
			before = kilobytes_in_use();
		round_of(i);
	}
	/* A scope is some 500 bytes. */
	expect(kilobytes_in_use() < before + 512);
	return hostile_end();
}
