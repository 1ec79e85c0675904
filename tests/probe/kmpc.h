/* SPDX-License-Identifier: Apache-2.0 */
/* kmpc - what the probes of LLVM's OpenMP runtime share; its names begin with __kmpc. */
#ifndef FLYTECTX_PROBE_KMPC_H
#define FLYTECTX_PROBE_KMPC_H

#include "pool.h"

struct kmpc_place {
	int zero, flags, more[2];
	const char *source;
};

static struct kmpc_place kmpc_place = { 0, 2, { 0, 0 }, ";unknown;unknown;0;0;;" };

typedef void kmpc_work(int *thread, int *number);

static inline void kmpc_nothing(int *thread, int *number)
{
	(void)thread, (void)number;
}

static inline void kmpc_region(kmpc_work *work)
{
	void (*fork)(struct kmpc_place *, int, kmpc_work *, ...);

	*(void **)&fork = pool_function("__kmpc_fork_call");
	fork(&kmpc_place, 0, work);
}

static inline int kmpc_begin(void)
{
	setenv("OMP_NUM_THREADS", "2", 1);
	if (!pool_open("libomp.so.5"))
		return 0;
	kmpc_region(kmpc_nothing);
	return 1;
}

#define KMPC_MISSING probe_skip("this libc has no libomp here")

#endif
