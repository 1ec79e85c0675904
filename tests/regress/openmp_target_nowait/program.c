/* SPDX-License-Identifier: Apache-2.0 */
/* Target regions that nothing waits for, in two scopes: how many saw theirs.
 */
#include "flyte_ctx.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TASKS = 200 };

static int right, wrong, copies;

#pragma omp declare target
static void look(const char *expected, const int *numbers, int value)
{
	const char *seen = flyte_custom_context_get("scope");

	usleep(200);
	__atomic_fetch_add(seen && !strcmp(seen, expected) ? &right : &wrong, 1, __ATOMIC_SEQ_CST);
	__atomic_fetch_add(&copies, numbers[value] == value, __ATOMIC_SEQ_CST);
}
#pragma omp end declare target

static void make(const char *name)
{
	const struct flyte_pair pair = { "scope", name };
	flyte_token token = flyte_custom_context_enter(&pair, 1);
	int numbers[3] = { 0, 1, 2 };

	for (int i = 0; i < TASKS; i++) {
		int value = i % 3;

#pragma omp target nowait firstprivate(name, numbers, value)
		look(name, numbers, value);
		value = -1;
	}
	numbers[0] = numbers[1] = numbers[2] = -1;
	flyte_context_exit(token);
}

int main(void)
{
	const struct flyte_pair pair = { "scope", "outer" };

	flyte_custom_context_enter(&pair, 1);
#pragma omp parallel num_threads(2)
#pragma omp single
	{
		make("one");
		make("two");
	}
	printf("right %d, wrong %d, copies %d", right, wrong, copies);
	printf(", here %s\n", flyte_custom_context_get("scope"));
	return 0;
}
