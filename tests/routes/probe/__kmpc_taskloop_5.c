/* SPDX-License-Identifier: Apache-2.0 */
#include "kmpc.h"

static void submit(int thread, struct kmpc_task *task)
{
	void (*function)(struct kmpc_place *, int, void *, int, void *, void *, long long, int, int,
			 unsigned long long, int, void *);

	task->from = 0;
	task->to = 3;
	task->step = 1;
	*(void **)&function = pool_function("__kmpc_taskloop_5");
	function(&kmpc_place, thread, task, 1, &task->from, &task->to, 1, 0, 2, 4, 0, NULL);
}

int main(int argc, char **argv)
{
	if (argc != 3 || !kmpc_begin())
		return KMPC_MISSING;
	kmpc_probe(argv, submit, 1);
	return 0;
}
