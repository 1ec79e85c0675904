/* SPDX-License-Identifier: Apache-2.0 */
/* kmpc_task - the probes of calls of LLVM's runtime that take a place, a thread and a task. */
#ifndef KMPC_TASK_H
#define KMPC_TASK_H

#include "kmpc.h"

static const char *kmpc_task_call;

static void kmpc_task_submit(int thread, struct kmpc_task *task)
{
	int (*function)(struct kmpc_place *, int, void *);

	*(void **)&function = pool_function(kmpc_task_call);
	function(&kmpc_place, thread, task);
}

static inline int kmpc_task_probe(int argc, char **argv, const char *call)
{
	if (argc != 3 || !kmpc_begin())
		return KMPC_MISSING;
	kmpc_task_call = call;
	kmpc_probe(argv, kmpc_task_submit, 0);
	return 0;
}

#endif
