/* SPDX-License-Identifier: Apache-2.0 */
/*
 * openmp_llvm ROUNDS LIBRARY - what the preload adds to a region of two threads by LLVM's OpenMP.
 * A process tells its runtime once whether there is a tool: so processes with the preload and
 * without take turns, and each says how long a region took it, in a scope where it is in a task.
 */
#include <stdbool.h>
#include <string.h>

#include "flyte_ctx.h"
#include "sample.h"

enum { MEASUREMENTS = 100, REGIONS = 20 };

static volatile int nothing;

static double measure(void)
{
	double start = now();

	for (int i = 0; i < REGIONS; i++) {
#pragma omp parallel num_threads(2)
		(void)nothing;
	}
	return (now() - start) / REGIONS;
}

static int in_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Prints the first tenth: a thread that has lost its core says nothing of us. */
static int child(bool preloaded)
{
	static const struct flyte_pair pair = { "bench", "1" };
	double times[MEASUREMENTS];
	flyte_token token = flyte_custom_context_enter(&pair, 1);
	int with_scope = 0;

	for (int i = 0; i < MEASUREMENTS; i++)
		times[i] = measure();
#pragma omp parallel num_threads(2) reduction(+ : with_scope)
	with_scope += flyte_custom_context_get("bench") != NULL;
	if (with_scope != (preloaded ? 2 : 0))
		errx(1, "%d threads have the scope", with_scope);
	qsort(times, MEASUREMENTS, sizeof(*times), in_order);
	printf("%f\n", times[MEASUREMENTS / 10]);
	return flyte_context_exit(token) != 0;
}

static double run(const char *program, const char *library)
{
	char command[4096];
	double time = 0;
	FILE *stream;

	snprintf(command, sizeof(command), "LD_PRELOAD='%s' exec '%s' %s", library, program,
		 *library ? "preloaded" : "plain");
	stream = popen(command, "r");
	if (!stream || fscanf(stream, "%lf", &time) != 1 || pclose(stream))
		errx(1, "%s failed", command);
	return time;
}

int main(int argc, char **argv)
{
	enum { NOTHING, SCOPE, COLUMNS };
	static const char *const names[COLUMNS] = { "nothing", "scope" };
	double times[COLUMNS];
	size_t rounds;

	if (argc == 2)
		return child(!strcmp(argv[1], "preloaded"));
	if (argc != 3)
		errx(2, "usage: openmp_llvm ROUNDS LIBRARY");
	rounds = number_from(argv[1]);
	print_row(names, NULL, COLUMNS);
	for (size_t i = 0; i < rounds; i++) {
		if (i % 2)
			times[SCOPE] = run(argv[0], argv[2]);
		times[NOTHING] = run(argv[0], "");
		if (i % 2 == 0)
			times[SCOPE] = run(argv[0], argv[2]);
		print_row(NULL, times, COLUMNS);
	}
	return 0;
}
