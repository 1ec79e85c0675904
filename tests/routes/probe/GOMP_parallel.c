/* SPDX-License-Identifier: Apache-2.0 */
#include "gomp.h"

int main(int argc, char **argv)
{
	if (!gomp_begin())
		return GOMP_MISSING;
	probe_begin(argc, argv);
	GOMP(GOMP_parallel, gomp_work *, void *, unsigned, unsigned)(gomp_report, NULL, 2, 0);
	return 0;
}
