/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What scopes cost: enter of one pair and exit, and a lookup, in contexts of 0 to 1,000 keys. Runs
 * under the preload, inside a task. Prints "enter KEYS NANOSECONDS" and "lookup KEYS NANOSECONDS",
 * the median of rounds.
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

static void measure(const char *name, int count, void (*call)(int))
{
	double samples[ROUNDS];

	for (int round = 0; round < ROUNDS; round++) {
		double start = now();

		for (int loop = 0; loop < LOOPS; loop++)
			call(loop);
		samples[round] = (now() - start) / LOOPS;
	}
	qsort(samples, ROUNDS, sizeof(*samples), compare);
	printf("%s %d %.1f\n", name, count, samples[ROUNDS / 2]);
}

int main(void)
{
	static const int counts[] = { 1, 10, 100, 1000 };
	static char names[1000][16];
	static struct flyte_pair pairs[1000];

	if (!flyte_ctx_get())
		return 1;
	for (int i = 0; i < 1000; i++) {
		snprintf(names[i], sizeof(names[i]), "key-%d", i);
		pairs[i] = (struct flyte_pair) { names[i], "value" };
	}
	keys = (const char(*)[16])names;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		flyte_token token = flyte_custom_context_enter(pairs, (size_t)counts[i]);

		key_count = counts[i];
		measure("enter", counts[i], enter_and_exit);
		measure("lookup", counts[i], look_up);
		flyte_context_exit(token);
	}
	return 0;
}
