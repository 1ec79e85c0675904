/* SPDX-License-Identifier: Apache-2.0 */
/* Loops of each schedule that start with their region, loops inside of one, and sections. */
#include "openmp.h"

enum { COUNT = 400 };

static int done[COUNT];

static void check(const char *what)
{
	int sum = 0;

	for (int i = 0; i < COUNT; i++)
		sum += done[i];
	memset(done, 0, sizeof(done));
	printf("%s: %d\n", what, sum);
}

/* 20 times each, in scopes of their own; the pool is there since the first. */
#define BODY(name)                                                                                 \
	{                                                                                          \
		LOOK(name);                                                                        \
		done[i]++;                                                                         \
	}

static void static_loop(void)
{
#pragma omp parallel for num_threads(THREADS) schedule(static)
	for (int i = 0; i < COUNT; i++)
		BODY("static_loop")
}

static void static_chunks(void)
{
#pragma omp parallel for num_threads(THREADS) schedule(static, 3)
	for (int i = 0; i < COUNT; i++)
		BODY("static_chunks")
}

static void dynamic_loop(void)
{
#pragma omp parallel for num_threads(THREADS) schedule(dynamic, 7)
	for (int i = 0; i < COUNT; i++)
		BODY("dynamic_loop")
}

static void dynamic_monotonic(void)
{
#pragma omp parallel for num_threads(THREADS) schedule(monotonic : dynamic, 2)
	for (int i = 0; i < COUNT; i++)
		BODY("dynamic_monotonic")
}

static void guided_loop(void)
{
#pragma omp parallel for num_threads(THREADS) schedule(guided)
	for (int i = 0; i < COUNT; i++)
		BODY("guided_loop")
}

static void guided_monotonic(void)
{
#pragma omp parallel for num_threads(THREADS) schedule(monotonic : guided, 2)
	for (int i = 0; i < COUNT; i++)
		BODY("guided_monotonic")
}

static void runtime_loop(void)
{
#pragma omp parallel for num_threads(THREADS) schedule(runtime)
	for (int i = 0; i < COUNT; i++)
		BODY("runtime_loop")
}

static void runtime_monotonic(void)
{
#pragma omp parallel for num_threads(THREADS) schedule(monotonic : runtime)
	for (int i = 0; i < COUNT; i++)
		BODY("runtime_monotonic")
}

static void runtime_nonmonotonic(void)
{
#pragma omp parallel for num_threads(THREADS) schedule(nonmonotonic : runtime)
	for (int i = 0; i < COUNT; i++)
		BODY("runtime_nonmonotonic")
}

static void auto_loop(void)
{
#pragma omp parallel for num_threads(THREADS) schedule(auto)
	for (int i = 0; i < COUNT; i++)
		BODY("auto_loop")
}

static void ordered_loop(void)
{
#pragma omp parallel for num_threads(THREADS) ordered schedule(dynamic)
	for (int i = 0; i < COUNT; i++)
		BODY("ordered_loop")
}

/* By unsigned long long the region and the loop start separately. */
static void unsigned_loop(void)
{
#pragma omp parallel for num_threads(THREADS) schedule(dynamic, 5)
	for (unsigned long long i = 0; i < COUNT; i++)
		BODY("unsigned_loop")
}

static void downwards(void)
{
#pragma omp parallel for num_threads(THREADS) schedule(guided, 3)
	for (int i = COUNT - 1; i >= 0; i--)
		BODY("downwards")
}

static void sections(void)
{
#pragma omp parallel sections num_threads(THREADS)
	{
#pragma omp section
		for (int i = 0; i < COUNT / 2; i++)
			BODY("sections")
#pragma omp section
		for (int i = COUNT / 2; i < COUNT - 1; i++)
			BODY("sections")
#pragma omp section
		for (int i = COUNT - 1; i < COUNT; i++)
			BODY("sections")
	}
}

static void inside(void)
{
#pragma omp parallel num_threads(THREADS)
	{
#pragma omp for schedule(dynamic) nowait
		for (int i = 0; i < COUNT / 2; i++)
			BODY("inside")
#pragma omp for schedule(guided)
		for (int i = COUNT / 2; i < COUNT; i++)
			BODY("inside")
	}
}

static const struct {
	const char *name;
	void (*run)(void);
} kinds[] = {
	{ "static_loop", static_loop },
	{ "static_chunks", static_chunks },
	{ "dynamic_loop", dynamic_loop },
	{ "dynamic_monotonic", dynamic_monotonic },
	{ "guided_loop", guided_loop },
	{ "guided_monotonic", guided_monotonic },
	{ "runtime_loop", runtime_loop },
	{ "runtime_monotonic", runtime_monotonic },
	{ "runtime_nonmonotonic", runtime_nonmonotonic },
	{ "auto_loop", auto_loop },
	{ "ordered_loop", ordered_loop },
	{ "unsigned_loop", unsigned_loop },
	{ "downwards", downwards },
	{ "sections", sections },
	{ "inside", inside },
};

int main(void)
{
	for (size_t kind = 0; kind < sizeof(kinds) / sizeof(*kinds); kind++) {
		for (int turn = 0; turn < 20; turn++) {
			flyte_token token = enter(kinds[kind].name);

			kinds[kind].run();
			leave(token);
		}
		check(kinds[kind].name);
	}
	return finish();
}
