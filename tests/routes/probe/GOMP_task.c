/* SPDX-License-Identifier: Apache-2.0 */
#include "gomp.h"

static char **arguments;

static void task(void *unused)
{
	(void)unused;
	pool_report();
}

/* The region is in the process's context, the task in that of its creation. */
static void region(void *unused)
{
	(void)unused;
	if (syscall(SYS_gettid) != getpid())
		return;
	probe_begin(3, arguments);
	GOMP(GOMP_task, gomp_work *, void *, void *, long, long, int, unsigned, void *, int, void *)
	(task, NULL, NULL, 0, 1, 1, 0, NULL, 0, NULL);
	pool_wait();
}

int main(int argc, char **argv)
{
	arguments = argv;
	if (argc != 3 || !gomp_begin())
		return GOMP_MISSING;
	GOMP(GOMP_parallel, gomp_work *, void *, unsigned, unsigned)(region, NULL, 2, 0);
	return 0;
}
