/* SPDX-License-Identifier: Apache-2.0 */
#include "gomp.h"

int main(int argc, char **argv)
{
	if (!gomp_begin())
		return GOMP_MISSING;
	probe_begin(argc, argv);
	unsigned long none[8] = { 0 }, *reductions = none;

	GOMP(GOMP_parallel_reductions, gomp_work *, void *, unsigned, unsigned)
	(gomp_report, &reductions, 2, 0);
	return 0;
}
