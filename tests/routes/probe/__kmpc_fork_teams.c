/* SPDX-License-Identifier: Apache-2.0 */
#include "kmpc.h"

static void report(int *thread, int *number)
{
	(void)thread, (void)number;
	pool_report();
	pool_wait();
}

int main(int argc, char **argv)
{
	void (*push)(struct kmpc_place *, int, int, int),
		(*teams)(struct kmpc_place *, int, kmpc_work *, ...);
	int (*number)(struct kmpc_place *);

	if (!kmpc_begin())
		return KMPC_MISSING;
	*(void **)&number = pool_function("__kmpc_global_thread_num");
	*(void **)&push = pool_function("__kmpc_push_num_teams");
	*(void **)&teams = pool_function("__kmpc_fork_teams");
	probe_begin(argc, argv);
	push(&kmpc_place, number(&kmpc_place), 2, 1);
	teams(&kmpc_place, 0, report);
	return 0;
}
