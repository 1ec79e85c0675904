/* SPDX-License-Identifier: Apache-2.0 */
/*
 * openmp - what these programs share. Each prints what it computed, which is the same with and
 * without the preload, and says on stderr how often it looked at its context and was wrong.
 * Outside a task there is nothing to look at.
 */
#ifndef FLYTECTX_OPENMP_H
#define FLYTECTX_OPENMP_H

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flyte_ctx.h"

#define THREADS 4

static int looks, mistakes;

/* This thread is to have scope=`expected`; "-": none. */
static inline void look_for(const char *expected, const char *file, int line)
{
	const char *scope = flyte_custom_context_get("scope");

	if (!flyte_ctx_get())
		return;
	__atomic_fetch_add(&looks, 1, __ATOMIC_RELAXED);
	if (strcmp(scope ? scope : "-", expected) == 0)
		return;
	if (__atomic_fetch_add(&mistakes, 1, __ATOMIC_RELAXED) < 10)
		fprintf(stderr, "%s:%d: thread %d has %s instead of %s\n", file, line,
			omp_get_thread_num(), scope ? scope : "-", expected);
}

#define LOOK(expected) look_for(expected, __FILE__, __LINE__)

static inline flyte_token enter(const char *value)
{
	struct flyte_pair pair = { "scope", value };
	flyte_token token = flyte_custom_context_enter(&pair, 1);

	if (!token)
		mistakes++;
	return token;
}

static inline void leave(flyte_token token)
{
	if (flyte_context_exit(token))
		__atomic_fetch_add(&mistakes, 1, __ATOMIC_RELAXED);
}

/* So that a region has all its threads for a while, on two cores too. */
static inline void pause_a_little(void)
{
	usleep(200);
}

static inline int finish(void)
{
	fprintf(stderr, "looked %d times, %d wrong\n", looks, mistakes);
	return mistakes != 0;
}

#endif
