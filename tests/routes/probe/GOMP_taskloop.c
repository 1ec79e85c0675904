/* SPDX-License-Identifier: Apache-2.0 */
#include "gomp.h"

static char **arguments;

/* The submitting thread is in the call, and may do all but the last of the work. */
static void task(void *unused)
{
	(void)unused;
	pool_report();
	pool_wait();
}

static void region(void *unused)
{
	enum { IF = 1 << 10 };
	long data[2];

	(void)unused;
	if (syscall(SYS_gettid) != getpid())
		return;
	probe_begin(3, arguments);
	GOMP(GOMP_taskloop, gomp_work *, void *, void *, long, long, unsigned, unsigned long, int,
	     long, long, long)
	(task, data, NULL, sizeof(data), sizeof(long), IF, 4, 0, 0, 4, 1);
}

int main(int argc, char **argv)
{
	arguments = argv;
	if (argc != 3 || !gomp_begin())
		return GOMP_MISSING;
	GOMP(GOMP_parallel, gomp_work *, void *, unsigned, unsigned)(region, NULL, 2, 0);
	return 0;
}
