/* SPDX-License-Identifier: Apache-2.0 */
#include "kmpc.h"

static char **arguments;

static int task(int thread, void *unused)
{
	(void)thread, (void)unused;
	pool_report();
	pool_wait();
	return 0;
}

/* The region is in the process's context, the task in that of its creation. */
static void region(int *thread, int *number)
{
	struct kmpc_task *made;
	void (*loop)(struct kmpc_place *, int, void *, int, void *, void *, long long, int, int,
		     unsigned long long, int, void *);

	(void)number;
	if (syscall(SYS_gettid) != getpid())
		return;
	probe_begin(3, arguments);
	made = kmpc_task_alloc(*thread, task);
	made->from = 0;
	made->to = 3;
	made->step = 1;
	*(void **)&loop = pool_function("__kmpc_taskloop_5");
	loop(&kmpc_place, *thread, made, 1, &made->from, &made->to, 1, 0, 2, 4, 0, NULL);
}

int main(int argc, char **argv)
{
	arguments = argv;
	if (argc != 3 || !kmpc_begin())
		return KMPC_MISSING;
	kmpc_region(region);
	return 0;
}
