/* SPDX-License-Identifier: Apache-2.0 */
#include <sched.h>
#include <signal.h>

#include "probe.h"

static int child(void *unused)
{
	(void)unused;
	probe_report();
	_exit(0);
}

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	static char stack[65536] __attribute__((aligned(16)));

	return probe_wait(clone(child, stack + sizeof(stack), SIGCHLD, NULL));
}
