/* SPDX-License-Identifier: Apache-2.0 */
/*
 * openmp - what the programs share that measure a region of two threads: ROUNDS of the hooked
 * function and the runtime's own in turn, in a scope and outside of it, in nanoseconds. Run under
 * the preload, in a task. Who includes it has region(), and calls measure_regions().
 */
#ifndef FLYTECTX_BENCH_OPENMP_H
#define FLYTECTX_BENCH_OPENMP_H

#include <dlfcn.h>
#include <omp.h>
#include <string.h>

#include "flyte_ctx.h"
#include "sample.h"

/* Starts a region of two threads by this function of the runtime; each calls one of the next. */
static void region(void *function, int *variable);

static volatile int seen;

/* What the outlined code of nearly every region does: it reads what its starter has just written.
 */
static inline void little_work(const int *variable)
{
	if (*variable > 0)
		seen = 1;
}

static int with_scope;

/* The variable is 1 for this. */
static inline void count_scopes(void)
{
	if (flyte_custom_context_get("bench"))
		__atomic_fetch_add(&with_scope, 1, __ATOMIC_RELAXED);
}

static void *symbol(void *library, const char *name)
{
	void *address = dlsym(library, name);

	if (!address)
		errx(1, "%s", dlerror());
	return address;
}

static void *hooked(const char *name)
{
	void *address = symbol(RTLD_DEFAULT, name);
	Dl_info where;

	if (!dladdr(address, &where) || !strstr(where.dli_fname, "libflytectx"))
		errx(1, "%s is not hooked: run me under the preload", name);
	return address;
}

static double measure(void *function)
{
	const int regions = 100;
	double start = now();
	int variable;

	for (int i = 0; i < regions; i++) {
		variable = -i;
		region(function, &variable);
	}
	return (now() - start) / regions;
}

static void check(void *function, int expected)
{
	int variable = 1;

	with_scope = 0;
	region(function, &variable);
	if (with_scope != expected)
		errx(1, "%d threads of a region have its scope, not %d", with_scope, expected);
}

static double measure_in_scope(void *function)
{
	static const struct flyte_pair pair = { "bench", "1" };
	flyte_token token = flyte_custom_context_enter(&pair, 1);
	double time;

	if (!token || token == FLYTE_TOKEN_NONE)
		errx(1, "not in a task: FLYTE_CTX is missing");
	check(function, 2);
	time = measure(function);
	if (flyte_context_exit(token))
		err(1, "flyte_context_exit");
	check(function, 0);
	return time;
}

static int measure_regions(size_t rounds, const char *library, const char *name)
{
	enum { NOTHING, FLYTECTX, SCOPE, COLUMNS };
	static const char *const names[COLUMNS] = { "nothing", "flytectx", "scope" };
	void *ours = hooked(name), *runtime = dlopen(library, RTLD_LAZY | RTLD_NOLOAD), *own;
	double times[COLUMNS];

	if (!runtime)
		errx(1, "%s", dlerror());
	own = symbol(runtime, name);
	omp_get_num_procs(); /* who is linked with the runtime calls it */
	print_row(names, NULL, COLUMNS);
	for (size_t i = 0; i < rounds; i++) {
		times[SCOPE] = measure_in_scope(ours);
		if (i % 2)
			times[FLYTECTX] = measure(ours);
		times[NOTHING] = measure(own);
		if (i % 2 == 0)
			times[FLYTECTX] = measure(ours);
		print_row(NULL, times, COLUMNS);
	}
	return 0;
}

#endif
