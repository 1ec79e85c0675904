/* SPDX-License-Identifier: Apache-2.0 */
#include "kmpc.h"

static void submit(int thread, struct kmpc_task *task)
{
	struct {
		void *address;
		size_t length;
		unsigned char flags;
	} out = { task, sizeof(*task), 2 };
	int (*function)(struct kmpc_place *, int, void *, int, void *, int, void *);

	*(void **)&function = pool_function("__kmpc_omp_task_with_deps");
	function(&kmpc_place, thread, task, 1, &out, 0, NULL);
}

int main(int argc, char **argv)
{
	if (argc != 3 || !kmpc_begin())
		return KMPC_MISSING;
	kmpc_probe(argv, submit, 0);
	return 0;
}
