/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kmpc - regions of LLVM's OpenMP runtime, which is Intel's too: all threads of a region, and
 * of a league of teams, have the context of the one that started it, as in gomp_region.c.
 *
 * What these functions are given is a microtask, and as many pointers for it as the region shares
 * variables. Only the runtime can call one with any number of them; it exports what it does that
 * with. Where nothing is to be carried the runtime has the call as it came.
 */
#include "pools/kmpc_task.h"
#include "provider.h"

/* Kept out of run_part(), which would have to save registers for it. */
__attribute__((noinline)) static void run_part_with_many(const int *thread, const int *number,
							 const struct pool_region *region)
{
	void *frame; /* where it wants to tell debuggers of its stack */

	POOL_REAL(__kmp_invoke_microtask, region->code)
	(region->task, *thread, *number, (int)region->count, region->data, &frame);
}

static void run_part(int *thread, int *number, void *given, void *b, void *c, void *d);

__attribute__((noinline)) static void run_part_in(int *thread, int *number,
						  struct pool_region *region)
{
	pool_change_to(region->scope);
	run_part(thread, number, region, NULL, NULL, NULL);
}

/* The part of one thread. It has the region's context until its next work, as in gomp_region.c. */
static void run_part(int *thread, int *number, void *given, void *b, void *c, void *d)
{
	struct pool_region *region = given;

	(void)b, (void)c, (void)d;
	if (scope_current() != region->scope)
		run_part_in(thread, number, region);
	else if (region->count > POOL_FEW)
		run_part_with_many(thread, number, region);
	else /* more than it takes do no harm */
		region->task(thread, number, region->few[0], region->few[1], region->few[2],
			     region->few[3]);
}

/* What the thread that starts it leaves entered in its own part is undone. */
static void run_region(real_function *runtime, struct stub_call call, struct pool_region *region)
{
	((real___kmpc_fork_call *)runtime)(*stub_argument(call, 0), 1, run_part, region);
	pool_become(region->scope);
}

/* A region that is followed: its code, and which arguments of the call are the code's. */
struct start {
	enum pool_index index;
	real_function *code;
	int count, first;
};

static void settle(struct pool_region *region, const struct start *start, struct stub_call call,
		   void **many)
{
	pool_region_begin(region, start->code);
	pool_settle(&region->data, many);
	if (region->count != start->count)
		region->count = start->count;
	for (int i = 0; i < start->count; i++) {
		void *argument = *stub_argument(call, start->first + i);

		if (many)
			many[i] = argument;
		else
			pool_settle(&region->few[i], argument);
	}
}

/* Anew, or the first one of this code. */
static void start_region(struct stub_call call, const struct start *start,
			 struct pool_record *record)
{
	struct pool_found found = pool_find(start->index, start->code);
	void *many[start->count > POOL_FEW ? start->count : 1];
	struct scope *before = provider_enter();
	struct pool_region own = { .scope = NULL }, *region = record ? &record->region : &own;

	if (record) {
		record->runtime = found.function;
		record->generation = found.generation;
	}
	settle(region, start, call, start->count > POOL_FEW ? many : NULL);
	run_region(found.function, call, region);
	if (!record)
		scope_release(own.scope, false);
	provider_leave(before);
}

static bool is_provider_set(void)
{
	return atomic_load_explicit(&provider_set, memory_order_relaxed);
}

/* Nothing is to be written: the last region was of this code, with these arguments, in this scope.
 */
static inline bool is_again(const struct pool_record *record, struct stub_call call,
			    real_function *code)
{
	const struct pool_region *region = &record->region;
	int count = (int)(long)*stub_argument(call, 1);

	if (region->code != code || region->scope != scope_current() || region->count != count ||
	    count > POOL_FEW || is_provider_set() ||
	    record->generation !=
		    atomic_load_explicit(&pool_library_generation, memory_order_relaxed))
		return false;
	for (int i = 0; i < count; i++)
		if (region->few[i] != *stub_argument(call, 3 + i))
			return false;
	return true;
}

static bool is_followed(const struct start *start)
{
	return (scope_root_was_left() || is_provider_set()) &&
	       (start->count <= POOL_FEW || POOL_REAL(__kmp_invoke_microtask, start->code));
}

/* Where a call goes on that we have made already. */
static void nowhere(void)
{
}

__attribute__((noinline)) static real_function *
route_region(struct stub_call call, enum pool_index index, real_function *code)
{
	struct start start = { index, code, (int)(long)*stub_argument(call, 1), 3 };
	struct pool_record *record;

	/* With a condition, and one argument: a thread that does it alone keeps its context. */
	if (index == POOL___kmpc_fork_call_if && (int)(long)*stub_argument(call, 3))
		start = (struct start) { POOL___kmpc_fork_call, code, 1, 4 };
	if (start.index == POOL___kmpc_fork_call_if || !is_followed(&start))
		return pool_function(index, code);
	record = pool_record_take(code);
	start_region(call, &start, record);
	if (record)
		pool_record_give(record);
	return nowhere;
}

static bool run_again(struct stub_call call, real_function *code)
{
	struct pool_record *records = atomic_load_explicit(&pool_records, memory_order_acquire);
	struct pool_record *record;
	bool again;

	if (!records)
		return false;
	record = pool_record_in(records, code);
	if (!pool_record_hold(record))
		return false;
	again = is_again(record, call, code);
	if (again)
		run_region(record->runtime, call, &record->region);
	pool_record_give(record);
	return again;
}

__attribute__((used)) real_function *pool_kmpc_route(int number, void **registers, void **stack)
{
	struct stub_call call = { registers, stack };
	enum pool_index index = POOL_FIRST_OF_LLVM + (enum pool_index)number;
	real_function *code;

	if (index >= POOL___kmpc_omp_task)
		return pool_kmpc_route_task(call, index);
	code = *(real_function **)(void *)stub_argument(call, 2);
	if (index == POOL___kmpc_fork_call && run_again(call, code))
		return nowhere;
	return route_region(call, index, code);
}
