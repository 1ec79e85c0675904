/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gomp_start - GOMP_parallel_start and its like: how gcc before 4.9 compiled regions, in two calls.
 * The first starts the other threads, then the caller does its own part itself, and
 * GOMP_parallel_end() waits for the others.
 *
 * So the record has to outlive a call, and no variable of the thread is left that could hold it:
 * records name their thread. There are as many as regions were ever in progress at once.
 */
#include "arena.h"
#include "pools/pool.h"

struct record {
	struct record *next;
	_Atomic(const void *) thread; /* NULL: free */
	unsigned depth;               /* among those of its thread, from 1 */
	struct pool_region region;
};

static _Atomic(struct record *) records;

static struct record *innermost(void)
{
	struct record *record = atomic_load(&records), *found = NULL;

	for (; record; record = record->next)
		if (atomic_load(&record->thread) == self_thread() &&
		    (!found || record->depth > found->depth))
			found = record;
	return found;
}

static struct record *make_record(void)
{
	struct record *record = arena_take(sizeof(*record));

	if (!record)
		return NULL;
	atomic_init(&record->thread, self_thread());
	record->next = atomic_load(&records);
	while (!atomic_compare_exchange_weak(&records, &record->next, record))
		;
	return record;
}

static struct record *take_record(void)
{
	const struct record *outer = innermost();
	struct record *record = atomic_load(&records);

	for (; record; record = record->next) {
		const void *nobody = NULL;

		if (atomic_compare_exchange_strong(&record->thread, &nobody, self_thread()))
			break;
	}
	if (!record)
		record = make_record();
	if (record)
		record->depth = outer ? outer->depth + 1 : 1;
	return record;
}

static void start(work *fn, void *data, long c, long d, long e, long f, long g,
		  enum pool_index index)
{
	pool_region_function *runtime =
		(pool_region_function *)pool_function(index, (real_function *)fn);
	struct record *record = take_record();

	if (record)
		record->region = (struct pool_region) { .fn = fn,
							.data = data,
							.scope = scope_retain_current() };
	if (!runtime) /* the caller's own part is all there is */
		return;
	if (record && scope_root_was_left())
		runtime(pool_region_run, &record->region, c, d, e, f, g, 0);
	else
		runtime(fn, data, c, d, e, f, g, 0);
}

void GOMP_parallel_end(void)
{
	struct record *record = innermost();
	work *fn = record ? record->region.fn : (work *)(uintptr_t)__builtin_return_address(0);
	real_GOMP_parallel_end *runtime = POOL_REAL(GOMP_parallel_end, fn);

	if (runtime)
		runtime();
	if (!record)
		return;
	scope_release(record->region.scope, false);
	atomic_store(&record->thread, NULL);
}

void GOMP_parallel_start(work *fn, void *data, unsigned threads)
{
	start(fn, data, (long)threads, 0, 0, 0, 0, POOL_GOMP_parallel_start);
}

void GOMP_parallel_sections_start(work *fn, void *data, unsigned threads, unsigned count)
{
	start(fn, data, (long)threads, (long)count, 0, 0, 0, POOL_GOMP_parallel_sections_start);
}

#define LOOP_START(name)                                                                           \
	void name(work *fn, void *data, unsigned threads, long from, long to, long step,           \
		  long chunk)                                                                      \
	{                                                                                          \
		start(fn, data, (long)threads, from, to, step, chunk, POOL_##name);                \
	}

LOOP_START(GOMP_parallel_loop_static_start)
LOOP_START(GOMP_parallel_loop_dynamic_start)
LOOP_START(GOMP_parallel_loop_guided_start)

void GOMP_parallel_loop_runtime_start(work *fn, void *data, unsigned threads, long from, long to,
				      long step)
{
	start(fn, data, (long)threads, from, to, step, 0, POOL_GOMP_parallel_loop_runtime_start);
}
