/* SPDX-License-Identifier: Apache-2.0 */
/* A hundred thousand regions and tasks, each in a scope of its own, leave no memory behind. */
#include <malloc.h>

#include "openmp.h"

enum { ROUNDS = 100000 };

static flyte_token enter_number(int number)
{
	char name[400];

	snprintf(name, sizeof(name), "%0390d", number);
	return enter(name);
}

static int sum;

static void add(void)
{
#pragma omp atomic
	sum++;
}

static void regions(int rounds)
{
	for (int i = 0; i < rounds; i++) {
		flyte_token token = enter_number(i);

#pragma omp parallel num_threads(2)
		add();
		leave(token);
	}
}

static void tasks(int rounds)
{
#pragma omp parallel num_threads(2)
#pragma omp single
	for (int i = 0; i < rounds; i++) {
		flyte_token token = enter_number(i);

#pragma omp task
		add();
#pragma omp task if (i % 3)
		add();
		leave(token);
	}
}

static void taskloops(int rounds)
{
#pragma omp parallel num_threads(2)
#pragma omp single
	for (int i = 0; i < rounds; i++) {
		flyte_token token = enter_number(i);

#pragma omp taskloop num_tasks(2) nogroup
		for (int n = 0; n < 2; n++)
			add();
#pragma omp taskloop num_tasks(2)
		for (int n = 0; n < 2; n++)
			add();
		leave(token);
	}
}

static void cancelled(int rounds)
{
	for (int i = 0; i < rounds; i++) {
		flyte_token token = enter_number(i);

#pragma omp parallel num_threads(2)
#pragma omp single
#pragma omp taskgroup
		{
			for (int n = 0; n < 10; n++)
#pragma omp task
				add();
#pragma omp task if (0)
			{
#pragma omp cancel taskgroup
				add();
			}
		}
		leave(token);
	}
}

static size_t in_use(void)
{
	return mallinfo2().uordblks + mallinfo2().hblkhd;
}

/*
 * The heap grows no more, once it has grown to what is needed; LLVM's runtime takes a megabyte for
 * its queues now and then. Scopes of 1,000 bytes would come to 10 or 100.
 */
static void check(const char *what, void (*run)(int), int rounds)
{
	size_t before, after;

	run(rounds / 20);
	before = in_use();
	run(rounds);
	after = in_use();
	if (after > before + 4000000) {
		fprintf(stderr, "%s: %zu bytes more\n", what, after - before);
		mistakes++;
	}
}

int main(void)
{
	check("regions", regions, ROUNDS);
	check("tasks", tasks, ROUNDS);
	check("taskloops", taskloops, ROUNDS);
	check("cancelled", cancelled, ROUNDS / 10);
	return finish();
}
