/* SPDX-License-Identifier: Apache-2.0 */
#include "kmpc.h"

static void submit(int thread, struct kmpc_task *task)
{
	int (*function)(struct kmpc_place *, int, void *);

	*(void **)&function = pool_function("__kmpc_omp_task_parts");
	function(&kmpc_place, thread, task);
}

int main(int argc, char **argv)
{
	if (argc != 3 || !kmpc_begin())
		return KMPC_MISSING;
	kmpc_probe(argv, submit, 0);
	return 0;
}
