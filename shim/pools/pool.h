/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool - work that OpenMP's threads do runs with the context of whoever submitted it (SPEC 3.4).
 * The hooks hand the runtime a function of ours and a record instead of the caller's function and
 * data; while no thread of the process was ever in a scope, they hand on what they were given.
 */
#ifndef FLYTECTX_POOL_H
#define FLYTECTX_POOL_H

#include <stdint.h>

#include "pools/pool_library.h"
#include "scope.h"

/* How many arguments of LLVM's are in the record itself. */
enum { POOL_FEW = 4 };

/* What the threads of a region run, and in which scope: a line of its own, since others read it. */
struct pool_region {
	/* LLVM's few arguments; GOMP_parallel_reductions() looks at the first for what is its own.
	 */
	_Alignas(64) void *few[POOL_FEW];
	union {
		real_function *code;
		work *fn;
		microtask *task; /* LLVM's */
	};
	void *data;          /* LLVM's: all arguments */
	struct scope *scope; /* with a reference */
	long count;          /* LLVM's: how many arguments */
};

/* See pool_record.c. */
struct pool_record {
	struct pool_region region; /* holds its reference until it is another's */
	/* Not for the others: the runtime that the last region was for, if nothing was closed
	 * since. */
	_Alignas(64) _Atomic(const void *) owner;
	real_function *runtime;
	unsigned generation;
	bool taken;
};

enum { POOL_RECORDS_LOG2 = 8 };

/* The table; NULL before the first region that is followed. */
extern _Atomic(struct pool_record *) pool_records;

static inline struct pool_record *pool_record_in(struct pool_record *records, real_function *code)
{
	uint32_t mixed = (uint32_t)((uintptr_t)self_thread() >> 6 ^ (uintptr_t)code >> 4);

	return records + (mixed * 2654435769U >> (32 - POOL_RECORDS_LOG2));
}

/* False where it is another thread's, or taken. A handler may start a region at any moment. */
static inline bool pool_record_hold(struct pool_record *record)
{
	if (atomic_load_explicit(&record->owner, memory_order_relaxed) != self_thread() ||
	    record->taken)
		return false;
	record->taken = true;
	atomic_signal_fence(memory_order_seq_cst);
	return true;
}

static inline void pool_record_give(struct pool_record *record)
{
	atomic_signal_fence(memory_order_seq_cst);
	record->taken = false;
}

/*
 * The record for regions of this code on this thread, for no other until pool_record_give(). NULL
 * where there is none: then there is to be one on the stack.
 */
struct pool_record *pool_record_take(real_function *code);

/* For a region of this code in the current scope; the other members stay as they are. */
void pool_region_begin(struct pool_region *region, real_function *code);

/* What is right already is not written: the other threads still have the line then. */
static inline void pool_settle(void **place, void *value)
{
	if (*place != value)
		*place = value;
}

/* A POOL function that starts a region, called with more arguments than most of them take. */
typedef long pool_region_function(work *fn, void *data, long c, long d, long e, long f, long g,
				  long h);

/* The work of one thread of a region; the thread has the region's context from then on. */
void pool_region_run(void *region);

void pool_change_to(struct scope *scope);

/* Makes a borrowed scope current, where it is not. */
static inline void pool_become(struct scope *scope)
{
	if (scope_current() != scope)
		pool_change_to(scope);
}

/*
 * Calls fn(data) in `scope`; takes over the reference. Then what was current before is so again,
 * whatever fn left entered.
 */
void pool_run(struct scope *scope, work *fn, void *data);

/* How the arguments of a task of GOMP_taskloop() begin. */
struct pool_share {
	unsigned long from, to;
	void *reductions;
};

/*
 * Without a runtime: what it does with a task that can't wait. The task is a whole loop where
 * `share` is not NULL.
 */
void pool_run_alone(work *fn, void *data, copy_work *copy, long size, long align,
		    const struct pool_share *share);

/* Bits of the flags of GOMP_task() and GOMP_taskloop(). */
enum {
	POOL_UP = 1 << 8,
	POOL_NOGROUP = 1 << 11,
	POOL_REDUCTION = 1 << 12,
	POOL_DETACH = 1 << 13,
};

/*
 * More bytes of arguments than this are not copied on a stack: the runtime makes its own copies on
 * the heap, but for what has constructors.
 */
#define POOL_STACK_MAX 16384

/* May the runtime drop tasks that were submitted already (OMP_CANCELLATION)? */
bool pool_may_cancel(work *fn);

/* Rounded up to a multiple of `align`, a power of two. */
static inline uintptr_t pool_round(uintptr_t number, long align)
{
	return (number + (uintptr_t)align - 1) & -(uintptr_t)align;
}

/* For our record and the arguments. */
static inline long pool_align(long align)
{
	return align < 16 ? 16 : align;
}

#endif
