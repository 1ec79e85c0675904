/* SPDX-License-Identifier: Apache-2.0 */
/* openmp ROUNDS - what the preload adds to a region of GNU OpenMP, see openmp.h. */
#include "openmp.h"

static void work(void *variable)
{
	if (*(int *)variable > 0)
		count_scopes();
	little_work(variable);
}

static void region(void *function, int *variable)
{
	void (*parallel)(void (*)(void *), void *, unsigned, unsigned);

	*(void **)(void *)&parallel = function;
	parallel(work, variable, 2, 0);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		errx(2, "usage: openmp ROUNDS");
	return measure_regions(number_from(argv[1]), "libgomp.so.1", "GOMP_parallel");
}
