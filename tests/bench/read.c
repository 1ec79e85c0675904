/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read ROUNDS - what a call of flyte_ctx() takes, beside pthread_getspecific() and a plain read of
 * a thread-local variable. Run under the preload, in a task. Calls one after the other, so it is
 * throughput, the loop included. A call of a function that does nothing is there too: on some
 * processors the call is all that there is to see, and the variable is read inline.
 */
#include <pthread.h>

#include "flyte_ctx.h"
#include "sample.h"

#define CALLS 100000

static pthread_key_t key;
static __thread void *volatile variable;

static void *do_nothing(void)
{
	return NULL;
}

/* Through a variable, as calls into a library go through one that the loader filled. */
static void *(*volatile nothing)(void) = do_nothing;

/* A value that the compiler has to have in a register, and can't know. */
#define USE(pointer) __asm__ volatile("" : : "r"(pointer))

#define MEASURE(time, expression)                                                                  \
	do {                                                                                       \
		double start = now();                                                              \
                                                                                                   \
		for (int turn = 0; turn < CALLS; turn++)                                           \
			USE(expression);                                                           \
		(time) = (now() - start) / CALLS;                                                  \
	} while (0)

int main(int argc, char **argv)
{
	double *call, *tls, *specific, *context;
	size_t rounds;

	if (argc != 2)
		errx(2, "usage: read ROUNDS");
	if (!flyte_ctx_get())
		errx(1, "no context: run me under the preload, with FLYTE_CTX");
	if (pthread_key_create(&key, NULL) || pthread_setspecific(key, &key))
		errx(1, "pthread_key_create");
	rounds = rounds_from(argv[1]);
	call = samples(rounds);
	tls = samples(rounds);
	specific = samples(rounds);
	context = samples(rounds);
	for (size_t i = 0; i < rounds; i++) {
		MEASURE(call[i], nothing());
		MEASURE(tls[i], variable);
		MEASURE(specific[i], pthread_getspecific(key));
		MEASURE(context[i], flyte_ctx_get());
	}
	report_ratio("flyte_ctx() beside pthread_getspecific()", context, specific, rounds, 0);
	report_ratio("flyte_ctx() beside a thread-local read", context, tls, rounds, 0);
	report_difference("flyte_ctx() above a call that does nothing", context, call, rounds, 1,
			  "ns", 0);
	report("flyte_ctx()", context, rounds, "ns", 0);
	report("pthread_getspecific()", specific, rounds, "ns", 0);
	report("thread-local read", tls, rounds, "ns", 0);
	report("call that does nothing", call, rounds, "ns", 0);
	return 0;
}
