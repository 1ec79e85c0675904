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
	if (!kmpc_begin())
		return KMPC_MISSING;
	probe_begin(argc, argv);
	kmpc_region(report);
	return 0;
}
