/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pool - work that OpenMP's threads do runs with the context of whoever submitted it (SPEC 3). To
 * GNU's runtime the hooks hand a function of ours and a record instead of the caller's function and
 * data; while no thread of the process was ever in a scope, they hand on what they were given.
 * LLVM's runtime tells us itself: pool_ompt.c.
 */
#ifndef FLYTECTX_POOL_H
#define FLYTECTX_POOL_H

#include <stdint.h>

#include "pool_library.h"
#include "scope.h"

/* What the threads of a region run, and in which scope. */
struct pool_region {
	/* First: GOMP_parallel_reductions() looks for it there. In a line of its own: others read
	 * it. */
	_Alignas(64) void *reductions;
	work *fn;
	void *data;
	struct scope *scope; /* with a reference */
};

/* A POOL function that starts a region, called with more arguments than most of them take. */
typedef long pool_region_function(work *fn, void *data, long c, long d, long e, long f, long g,
				  long h);

/* The work of one thread of a region; the thread has the region's context from then on. */
void pool_region_run(void *region);

/* Makes a borrowed scope current, where it is not. */
void pool_become(struct scope *scope);

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
