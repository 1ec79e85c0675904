/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read ROUNDS - what a call of flyte_ctx() takes, beside pthread_getspecific() and a plain read of
 * a thread-local variable. Run under the preload, in a task. Calls one after the other, so it is
 * throughput in nanoseconds, the loop included. A call of a function that does nothing is there
 * too: on some processors the call is all that there is to see, and the variable is read inline.
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
	enum { CONTEXT, SPECIFIC, VARIABLE, NOTHING, COLUMNS };
	static const char *const names[COLUMNS] = { "flyte_ctx()", "pthread_getspecific()",
						    "thread-local read", "call that does nothing" };
	double times[COLUMNS];
	size_t rounds;

	if (argc != 2)
		errx(2, "usage: read ROUNDS");
	if (!flyte_ctx_get())
		errx(1, "no context: run me under the preload, with FLYTE_CTX");
	if (pthread_key_create(&key, NULL) || pthread_setspecific(key, &key))
		errx(1, "pthread_key_create");
	rounds = number_from(argv[1]);
	print_row(names, NULL, COLUMNS);
	for (size_t i = 0; i < rounds; i++) {
		MEASURE(times[NOTHING], nothing());
		MEASURE(times[VARIABLE], variable);
		MEASURE(times[SPECIFIC], pthread_getspecific(key));
		MEASURE(times[CONTEXT], flyte_ctx_get());
		print_row(NULL, times, COLUMNS);
	}
	return 0;
}
