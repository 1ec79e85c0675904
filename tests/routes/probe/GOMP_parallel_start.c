/* SPDX-License-Identifier: Apache-2.0 */
#include "gomp.h"

int main(int argc, char **argv)
{
	if (!gomp_begin())
		return GOMP_MISSING;
	probe_begin(argc, argv);
	GOMP(GOMP_parallel_start, gomp_work *, void *, unsigned)(gomp_report, NULL, 2);
	pool_wait();
	GOMP(GOMP_parallel_end, void)();
	return 0;
}
