/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample - what the measuring programs share: the clock, quartiles, the line for a figure.
 *
 * All compare in pairs: the variants take turns within a round, and what is printed is the median
 * of the rounds' own differences or ratios. A machine that speeds up or slows down meanwhile, or
 * does other work, then moves both sides alike; medians of each side alone would not cancel that.
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

/* The number of rounds that an argument asks for; ends the program where it is none. */
static inline size_t rounds_from(const char *text)
{
	char *end;
	long rounds = strtol(text, &end, 10);

	if (end == text || *end || rounds < 1 || rounds > 10000000)
		errx(2, "%s: not a number of rounds", text);
	return (size_t)rounds;
}

/* `count` numbers, or the end of the program. */
static inline double *samples(size_t count)
{
	double *values = calloc(count, sizeof(*values));

	if (!values)
		err(1, "calloc");
	return values;
}

static inline int sample_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts `values`, and prints their median and quartiles; limit 0: there is none. */
static inline void report(const char *what, double *values, size_t count, const char *unit,
			  double limit)
{
	double median;

	qsort(values, count, sizeof(*values), sample_order);
	median = values[count / 2];
	printf("%-48s %9.3f %-5s %9.3f .. %.3f", what, median, unit, values[count / 4],
	       values[count * 3 / 4]);
	if (limit > 0)
		printf("   limit %g%s", limit, median > limit ? "   over" : "");
	printf("\n");
}

/* Reports a[i] - b[i] of every round, in units of `scale` nanoseconds. */
static inline void report_difference(const char *what, const double *a, const double *b,
				     size_t count, double scale, const char *unit, double limit)
{
	double *values = samples(count);

	for (size_t i = 0; i < count; i++)
		values[i] = (a[i] - b[i]) / scale;
	report(what, values, count, unit, limit);
	free(values);
}

/* Reports a[i] / b[i] of every round. */
static inline void report_ratio(const char *what, const double *a, const double *b, size_t count,
				double limit)
{
	double *values = samples(count);

	for (size_t i = 0; i < count; i++)
		values[i] = a[i] / b[i];
	report(what, values, count, "x", limit);
	free(values);
}

#endif
