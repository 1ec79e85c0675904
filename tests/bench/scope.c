/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What scopes cost, in contexts of 1 to 1,000 keys: entering one more pair and exiting, and a
 * lookup. Runs under the preload, inside a task. Prints the median of rounds in nanoseconds, with
 * the quartiles and the limit, in the columns of scripts/bench.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "flyte_ctx.h"

enum { ROUNDS = 101, LOOPS = 2000 };

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void enter_and_exit(int loop)
{
	char value[] = { (char)('0' + loop % 10), '\0' };
	struct flyte_pair pair = { "increment", value };

	if (flyte_context_exit(flyte_custom_context_enter(&pair, 1)))
		abort();
}

static const char (*keys)[16];
static int key_count;

static void look_up(int loop)
{
	if (!flyte_custom_context_get(keys[loop * 7919 % key_count]))
		abort();
}

static void print(const char *name, int count, const double *sorted, double limit)
{
	char title[64];

	snprintf(title, sizeof(title), "%s, keys: %d", name, count);
	printf("%-48s %9.3f %-5s %9.3f .. %.3f", title, sorted[ROUNDS / 2], "ns",
	       sorted[ROUNDS / 4], sorted[ROUNDS * 3 / 4]);
	if (limit > 0)
		printf("   limit %.0f%s", limit, sorted[ROUNDS / 2] > limit ? " over" : "");
	putchar('\n');
}

static void measure(const char *name, int count, void (*call)(int), double limit)
{
	double samples[ROUNDS];

	for (int round = 0; round < ROUNDS; round++) {
		double start = now();

		for (int loop = 0; loop < LOOPS; loop++)
			call(loop);
		samples[round] = (now() - start) / LOOPS;
	}
	qsort(samples, ROUNDS, sizeof(*samples), compare);
	print(name, count, samples, limit);
}

int main(void)
{
	static const struct {
		int keys;
		double enter, lookup; /* limits */
	} rows[] = { { 1, 0, 0 }, { 10, 150, 0 }, { 100, 0, 0 }, { 1000, 1500, 150 } };
	static char names[1000][16];
	static struct flyte_pair pairs[1000];

	if (!flyte_ctx_get())
		return 1;
	for (int i = 0; i < 1000; i++) {
		snprintf(names[i], sizeof(names[i]), "key-%d", i);
		pairs[i] = (struct flyte_pair) { names[i], "value" };
	}
	keys = (const char(*)[16])names;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		flyte_token token = flyte_custom_context_enter(pairs, (size_t)rows[i].keys);

		key_count = rows[i].keys;
		measure("enter of one pair, and exit", key_count, enter_and_exit, rows[i].enter);
		measure("lookup", key_count, look_up, rows[i].lookup);
		flyte_context_exit(token);
	}
	return 0;
}
