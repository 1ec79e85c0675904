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

/* kmp_task_t and what the compiler adds: the bounds of a taskloop. */
struct kmpc_task {
	void *shared, *entry;
	int part;
	void *data[2];
	unsigned long long from, to;
	long long step;
};

typedef int kmpc_entry(int thread, void *task);

static inline struct kmpc_task *kmpc_task_alloc(int thread, kmpc_entry *entry)
{
	struct kmpc_task *(*alloc)(struct kmpc_place *, int, int, size_t, size_t, kmpc_entry *);

	*(void **)&alloc = pool_function("__kmpc_omp_task_alloc");
	return alloc(&kmpc_place, thread, 1, sizeof(struct kmpc_task), 0, entry);
}

#define KMPC_MISSING probe_skip("this libc has no libomp here")

#endif
