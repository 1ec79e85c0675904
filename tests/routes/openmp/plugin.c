/* SPDX-License-Identifier: Apache-2.0 */
/* A library that uses OpenMP, for programs that don't. */
#include "openmp.h"

int plugin_run(const char *scope);

static void task(const char *scope, int number, int *sum)
{
	LOOK(scope);
#pragma omp atomic
	*sum += number;
}

static int sum_of_tasks(const char *scope)
{
	int sum = 0;

#pragma omp parallel num_threads(THREADS)
#pragma omp single
	{
		for (int i = 0; i < 50; i++)
#pragma omp task
			task(scope, i, &sum);
#pragma omp taskloop num_tasks(10)
		for (int i = 0; i < 50; i++)
			task(scope, i, &sum);
	}
	return sum;
}

/* Whether the region has its threads: only where all functions are of the same runtime. */
static int is_whole(const char *scope)
{
	int threads = 0, numbers = 0;

#pragma omp parallel num_threads(THREADS) reduction(| : threads, numbers)
	{
		LOOK(scope);
		threads = omp_get_num_threads();
		numbers = 1 << omp_get_thread_num();
	}
	return threads == THREADS && numbers == (1 << THREADS) - 1;
}

/* The number of mistakes. */
int plugin_run(const char *scope)
{
	mistakes = 0;
	if (!is_whole(scope)) {
		fprintf(stderr, "a region of another runtime\n");
		mistakes++;
	}
	if (sum_of_tasks(scope) != 2 * 1225)
		mistakes++;
	return mistakes;
}
