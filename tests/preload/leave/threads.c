/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that end inside scopes: by return, pthread_exit and cancellation. With -fexceptions
 * glibc unwinds them, and the blocks are left on the way; without, they are dropped at the end.
 * The destructor of a key, which runs before ours, tells which.
 */
#include <pthread.h>
#include <unistd.h>

#include "leave.h"

#if defined(__EXCEPTIONS) && defined(__GLIBC__)
#define AT_THE_END "-" /* unwound: all blocks are left */
#else
#define AT_THE_END "deeper"
#endif

static pthread_key_t key;
static const char *expected_at_end;

static void look_at_end(void *unused)
{
	(void)unused;
	expect("scope", expected_at_end);
	expect("increment", "1");
}

static void *return_inside(void *unused)
{
	pthread_setspecific(key, &key);
	enter("scope", "deeper");
	enter("scope", "deeper");
	return unused;
}

static void *exit_inside(void *unused)
{
	pthread_setspecific(key, &key);
	FLYTE_CUSTOM_CONTEXT ("scope", "block") {
		FLYTE_CUSTOM_CONTEXT ("scope", "deeper")
			pthread_exit(unused);
	}
	return unused;
}

static int exit_in_run_(void *unused)
{
	enter("scope", "deeper");
	pthread_exit(unused);
	return 0;
}

static void *exit_in_run(void *unused)
{
	pthread_setspecific(key, &key);
	flyte_contextual_run(exit_in_run_, NULL);
	return unused;
}

static void *be_cancelled(void *unused)
{
	pthread_setspecific(key, &key);
	FLYTE_CUSTOM_CONTEXT ("scope", "block") {
		FLYTE_CUSTOM_CONTEXT ("scope", "deeper")
			for (;;)
				pause();
	}
	return unused;
}

/* Asynchronously, in the middle of whatever it does. */
static void *be_cancelled_while_it_reads(void *unused)
{
	pthread_setspecific(key, &key);
	FLYTE_CUSTOM_CONTEXT ("scope", "deeper") {
		pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
		for (;;)
			flyte_custom_context_get("scope");
	}
	return unused;
}

static void run(void *(*routine)(void *), const char *at_end, bool cancel)
{
	pthread_t thread;

	for (int i = 0; i < 20; i++) {
		expected_at_end = at_end;
		FLYTE_CUSTOM_CONTEXT ("creator", "x")
			expect_true(pthread_create(&thread, NULL, routine, NULL) == 0);
		if (cancel) {
			usleep(500);
			pthread_cancel(thread);
		}
		expect_true(pthread_join(thread, NULL) == 0);
		expect("scope", "-");
	}
}

int main(void)
{
	expect_true(pthread_key_create(&key, look_at_end) == 0);
	run(return_inside, "deeper", false);
	run(exit_inside, AT_THE_END, false);
	run(exit_in_run, AT_THE_END, false);
	/* Whether it was there yet when it was cancelled is not known: no key, no destructor. */
	expect_true(pthread_key_delete(key) == 0);
	expect_true(pthread_key_create(&key, NULL) == 0);
	run(be_cancelled, NULL, true);
	run(be_cancelled_while_it_reads, NULL, true);
	return leave_end();
}
