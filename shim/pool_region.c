/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool_region - GOMP_parallel and those that start a loop or sections with the region: all threads
 * of a region have the context of the one that started it. The record is on that one's stack, and
 * the call returns when the others are done with it.
 *
 * A thread of the pool keeps the context until its next work: it does nothing in between, and most
 * regions follow one in the same scope. Counting references in each thread of each region would
 * take the line of the count from core to core (1.2 of native, 1.05 without).
 *
 * For the same reason a region's record outlives it. The next region of the same code, nearly
 * always with its data at the same place of the same stack and in the same scope, finds all as it
 * should be and writes nothing: so the other threads still have the line of the record.
 */
#include "permanent.h"
#include "pool.h"
#include "provider.h"

struct record {
	struct pool_region region; /* holds its reference until it is another's */
	_Alignas(64) atomic_bool taken;
};

enum { RECORDS_LOG2 = 6, RECORDS = 1 << RECORDS_LOG2 };

static _Atomic(struct record *) records;

static struct record *all_records(void)
{
	struct record *known = atomic_load_explicit(&records, memory_order_acquire), *made;

	if (known)
		return known;
	made = permanent(RECORDS * sizeof(*made));
	return made && !atomic_compare_exchange_strong(&records, &known, made) ? known : made;
}

/* NULL where another region has it: one around this one, or of another thread. */
static struct record *take_record(work *fn)
{
	uint32_t mixed = (uint32_t)((uintptr_t)scope_thread() >> 6 ^ (uintptr_t)fn >> 4);
	struct record *all = all_records(), *record;

	if (!all)
		return NULL;
	record = all + (mixed * 2654435769U >> (32 - RECORDS_LOG2));
	return atomic_exchange(&record->taken, true) ? NULL : record;
}

static void set_scope(struct pool_region *region)
{
	struct scope *old = region->scope;

	if (old == scope_current())
		return;
	region->scope = scope_retain_current();
	if (old)
		scope_release(old, true);
}

/* What is right already is not written. */
static void settle(struct pool_region *region, work *fn, void *data, void *reductions)
{
	set_scope(region);
	if (region->fn != fn)
		region->fn = fn;
	if (region->data != data)
		region->data = data;
	if (region->reductions != reductions)
		region->reductions = reductions;
}

void pool_become(struct scope *scope)
{
	if (scope_current() != scope)
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
	pool_region_function *runtime = (pool_region_function *)pool_function(index, fn);
	struct pool_region own = { 0 }, *region = &own;
	void *reductions = NULL;
	struct record *record;
	struct scope *before;
	long result;

	if (!runtime) { /* no runtime: a team of one */
		fn(data);
		return 1;
	}
	before = provider_enter();
	if (!scope_root_was_left())
		return runtime(fn, data, c, d, e, f, g, h);
	if (index == POOL_GOMP_parallel_reductions)
		reductions = *(void **)data;
	record = take_record(fn);
	if (record)
		region = &record->region;
	settle(region, fn, data, reductions);
	result = runtime(pool_region_run, region, c, d, e, f, g, h);
	if (record)
		atomic_store_explicit(&record->taken, false, memory_order_release);
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
