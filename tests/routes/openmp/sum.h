/* SPDX-License-Identifier: Apache-2.0 */
/* sum - what tasks have computed, which is the same with the preload and without. */
#ifndef SUM_H
#define SUM_H

#include "openmp.h"

static int sum;

static void add(int number)
{
#pragma omp atomic
	sum += number;
}

static void report(const char *what)
{
	printf("%s: %d\n", what, sum);
	sum = 0;
}

#endif
