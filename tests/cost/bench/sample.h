/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample - what the measuring programs share: the clock, numbers from arguments, the table that
 * they print. One line a round, one column a variant; tests/cost/bench/figures makes medians of it.
 */
#ifndef FLYTECTX_BENCH_SAMPLE_H
#define FLYTECTX_BENCH_SAMPLE_H

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Nanoseconds on a clock that nobody sets. */
static inline double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* The number that an argument is; ends the program where it is none, or 0. */
static inline size_t number_from(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (end == text || *end || number < 1 || number > 10000000)
		errx(2, "%s: not a number of anything here", text);
	return (size_t)number;
}

/* `count` things of `size`, zeroed, or the end of the program. */
static inline void *allocate(size_t count, size_t size)
{
	void *made = calloc(count, size);

	if (!made)
		err(1, "calloc");
	return made;
}

/* The names of the columns, or with NULL the values of a round. */
static inline void print_row(const char *const *names, const double *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (names)
			printf("%s", names[i]);
		else
			printf("%.6g", values[i]);
		putchar(i + 1 < count ? '\t' : '\n');
	}
}

#endif
