/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gomp_region - GOMP_parallel and those that start a loop or sections with the region: all threads
 * of a region have the context of the one that started it. The call returns when the others are
 * done with the record.
 *
 * A thread of the pool keeps the context until its next work: it does nothing in between, and most
 * regions follow one in the same scope. Counting references in each thread of each region would
 * take the line of the count from core to core (1.2 of native, 1.05 without).
 */
#include "pools/pool.h"
#include "provider.h"

void pool_change_to(struct scope *scope)
{
	scope_release(scope_swap(scope_retain(scope)), true);
}

/* What a thread leaves entered is undone, whichever it is: the one that started the region too. */
void pool_region_run(void *given)
{
	const struct pool_region *region = given;

	pool_become(region->scope);
	region->fn(region->data);
	pool_become(region->scope);
}

/* Once, not in each of its callers. */
__attribute__((noinline)) static long start(work *fn, void *data, long c, long d, long e, long f,
					    long g, long h, enum pool_index index)
{
	pool_region_function *runtime =
		(pool_region_function *)pool_function(index, (real_function *)fn);
	struct pool_region own = { .scope = NULL }, *region = &own;
	struct pool_record *record;
	struct scope *before;
	long result;

	if (!runtime) { /* no runtime: a team of one */
		fn(data);
		return 1;
	}
	before = provider_enter();
	if (!scope_root_was_left())
		return runtime(fn, data, c, d, e, f, g, h);
	record = pool_record_take((real_function *)fn);
	if (record)
		region = &record->region;
	pool_region_begin(region, (real_function *)fn);
	pool_settle(&region->data, data);
	pool_settle(region->few, index == POOL_GOMP_parallel_reductions ? *(void **)data : NULL);
	result = runtime(pool_region_run, region, c, d, e, f, g, h);
	if (record)
		pool_record_give(record);
	else
		scope_release(own.scope, false);
	provider_leave(before);
	return result;
}

void GOMP_parallel(work *fn, void *data, unsigned threads, unsigned flags)
{
	start(fn, data, (long)threads, (long)flags, 0, 0, 0, 0, POOL_GOMP_parallel);
}

unsigned GOMP_parallel_reductions(work *fn, void *data, unsigned threads, unsigned flags)
{
	return (unsigned)start(fn, data, (long)threads, (long)flags, 0, 0, 0, 0,
			       POOL_GOMP_parallel_reductions);
}

void GOMP_parallel_sections(work *fn, void *data, unsigned threads, unsigned count, unsigned flags)
{
	start(fn, data, (long)threads, (long)count, (long)flags, 0, 0, 0,
	      POOL_GOMP_parallel_sections);
}

/* One body for each schedule. */
#define LOOP(name)                                                                                 \
	void name(work *fn, void *data, unsigned threads, long from, long to, long step,           \
		  long chunk, unsigned flags)                                                      \
	{                                                                                          \
		start(fn, data, (long)threads, from, to, step, chunk, (long)flags, POOL_##name);   \
	}

#define LOOP_RUNTIME(name)                                                                         \
	void name(work *fn, void *data, unsigned threads, long from, long to, long step,           \
		  unsigned flags)                                                                  \
	{                                                                                          \
		start(fn, data, (long)threads, from, to, step, (long)flags, 0, POOL_##name);       \
	}

LOOP(GOMP_parallel_loop_static)
LOOP(GOMP_parallel_loop_dynamic)
LOOP(GOMP_parallel_loop_guided)
LOOP(GOMP_parallel_loop_nonmonotonic_dynamic)
LOOP(GOMP_parallel_loop_nonmonotonic_guided)
LOOP_RUNTIME(GOMP_parallel_loop_runtime)
LOOP_RUNTIME(GOMP_parallel_loop_nonmonotonic_runtime)
LOOP_RUNTIME(GOMP_parallel_loop_maybe_nonmonotonic_runtime)
