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

/* What a probe of tasks does: submits this one on this thread. */
typedef void kmpc_submit(int thread, struct kmpc_task *task);

static kmpc_submit *kmpc_submission;
static char **kmpc_arguments;
static int kmpc_waits;

static inline int kmpc_entry(int thread, void *unused)
{
	(void)thread, (void)unused;
	pool_report();
	if (kmpc_waits)
		pool_wait();
	return 0;
}

/* The region is in the process's context, the task in that of its creation. */
static inline void kmpc_submitter(int *thread, int *number)
{
	struct kmpc_task *(*alloc)(struct kmpc_place *, int, int, size_t, size_t,
				   int (*)(int, void *));

	(void)number;
	if (syscall(SYS_gettid) != getpid())
		return;
	*(void **)&alloc = pool_function("__kmpc_omp_task_alloc");
	probe_begin(3, kmpc_arguments);
	kmpc_submission(*thread,
			alloc(&kmpc_place, *thread, 1, sizeof(struct kmpc_task), 0, kmpc_entry));
	if (!kmpc_waits)
		pool_wait();
}

/* `waits`: each task does, since the submitting thread is in the call and may do all but one. */
static inline void kmpc_probe(char **argv, kmpc_submit *submit, int waits)
{
	kmpc_arguments = argv;
	kmpc_submission = submit;
	kmpc_waits = waits;
	kmpc_region(kmpc_submitter);
}

#define KMPC_MISSING probe_skip("this libc has no libomp here")

#endif
