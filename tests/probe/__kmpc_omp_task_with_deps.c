/* SPDX-License-Identifier: Apache-2.0 */
#include "kmpc.h"

static char **arguments;

static int task(int thread, void *unused)
{
	(void)thread, (void)unused;
	pool_report();
	return 0;
}

/* The region is in the process's context, the task in that of its creation. */
static void region(int *thread, int *number)
{
	struct {
		void *address;
		size_t length;
		unsigned char flags;
	} out = { &arguments, sizeof(arguments), 2 };
	int (*submit)(struct kmpc_place *, int, void *, int, void *, int, void *);

	(void)number;
	if (syscall(SYS_gettid) != getpid())
		return;
	probe_begin(3, arguments);
	*(void **)&submit = pool_function("__kmpc_omp_task_with_deps");
	submit(&kmpc_place, *thread, kmpc_task_alloc(*thread, task), 1, &out, 0, NULL);
	pool_wait();
}

int main(int argc, char **argv)
{
	arguments = argv;
	if (argc != 3 || !kmpc_begin())
		return KMPC_MISSING;
	kmpc_region(region);
	return 0;
}
