/* SPDX-License-Identifier: Apache-2.0 */
/*
 * openmp ROUNDS - what the hook adds to a region of two threads by GNU OpenMP, in a scope and
 * outside of it, in nanoseconds. Run under the preload, in a task: the hooked function and the
 * runtime's own are called in turn.
 */
#include <dlfcn.h>
#include <string.h>

#include "flyte_ctx.h"
#include "sample.h"

typedef void parallel_function(void (*)(void *), void *, unsigned, unsigned);

extern parallel_function GOMP_parallel;

static parallel_function *runtimes_own(void)
{
	void *runtime = dlopen("libgomp.so.1", RTLD_LAZY | RTLD_NOLOAD);
	void *address = runtime ? dlsym(runtime, "GOMP_parallel") : NULL;
	parallel_function *function;
	Dl_info where;

	if (!address)
		errx(1, "%s", dlerror());
	if (!dladdr(dlsym(RTLD_DEFAULT, "GOMP_parallel"), &where) ||
	    !strstr(where.dli_fname, "libflytectx"))
		errx(1, "GOMP_parallel is not hooked: run me under the preload");
	*(void **)(void *)&function = address;
	return function;
}

static int with_scope;
static volatile int seen;

/* What the outlined code of nearly every region does: it reads what its starter has just written.
 */
static void little_work(void *variable)
{
	if (*(int *)variable > 0)
		seen = 1;
}

static void count_scopes(void *unused)
{
	(void)unused;
	if (flyte_custom_context_get("bench"))
		__atomic_fetch_add(&with_scope, 1, __ATOMIC_RELAXED);
}

static double measure(parallel_function *parallel)
{
	enum { REGIONS = 10 };
	double start = now();
	int variable;

	for (int i = 0; i < REGIONS; i++) {
		variable = -i;
		parallel(little_work, &variable, 2, 0);
	}
	return (now() - start) / REGIONS;
}

static void check(int expected)
{
	with_scope = 0;
	GOMP_parallel(count_scopes, NULL, 2, 0);
	if (with_scope != expected)
		errx(1, "%d threads of a region have its scope, not %d", with_scope, expected);
}

static double measure_in_scope(void)
{
	static const struct flyte_pair pair = { "bench", "1" };
	flyte_token token = flyte_custom_context_enter(&pair, 1);
	double time;

	if (!token || token == FLYTE_TOKEN_NONE)
		errx(1, "not in a task: FLYTE_CTX is missing");
	check(2);
	time = measure(GOMP_parallel);
	if (flyte_context_exit(token))
		err(1, "flyte_context_exit");
	check(0);
	return time;
}

int main(int argc, char **argv)
{
	enum { NOTHING, FLYTECTX, SCOPE, COLUMNS };
	static const char *const names[COLUMNS] = { "nothing", "flytectx", "scope" };
	parallel_function *own = runtimes_own();
	double times[COLUMNS];
	size_t rounds;

	if (argc != 2)
		errx(2, "usage: openmp ROUNDS");
	rounds = number_from(argv[1]);
	print_row(names, NULL, COLUMNS);
	for (size_t i = 0; i < rounds; i++) {
		times[SCOPE] = measure_in_scope();
		if (i % 2)
			times[FLYTECTX] = measure(GOMP_parallel);
		times[NOTHING] = measure(own);
		if (i % 2 == 0)
			times[FLYTECTX] = measure(GOMP_parallel);
		print_row(NULL, times, COLUMNS);
	}
	return 0;
}
