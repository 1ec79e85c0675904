/* SPDX-License-Identifier: Apache-2.0 */
/* Taskloops: up, down, unsigned, cut in all ways, in a group and in none. */
#include "openmp.h"

enum { COUNT = 1000 };

static unsigned char done[COUNT];
static char scope[16];

static void body(long i)
{
	LOOK(scope);
#pragma omp atomic
	done[i]++;
}

static void report(const char *what)
{
	int once = 0;

	for (int i = 0; i < COUNT; i++)
		once += done[i] == 1;
	memset(done, 0, sizeof(done));
	printf("%s: %d\n", what, once);
}

/* Each in a scope of its own; the loop itself is in `region`. */
static void run(const char *name, void (*loop)(void))
{
	flyte_token token;

	snprintf(scope, sizeof(scope), "%.15s", name);
	token = enter(scope);
#pragma omp parallel num_threads(THREADS)
#pragma omp single
	{
		loop();
		LOOK(scope);
	}
	leave(token);
	report(name);
}

static void up(void)
{
#pragma omp taskloop
	for (int i = 0; i < COUNT; i++)
		body((long)i);
}

static void down(void)
{
#pragma omp taskloop grainsize(7)
	for (long i = COUNT - 1; i >= 0; i -= 1)
		body((long)i);
}

static void steps(void)
{
#pragma omp taskloop num_tasks(9)
	for (int i = 1; i < COUNT; i += 7)
		body((long)i);
#pragma omp taskloop num_tasks(5) nogroup
	for (int i = COUNT - 2; i > 0; i -= 7)
		body((long)i);
}

static void big_unsigned(void)
{
	const unsigned long long base = 0xfffffffffffff000ULL;

#pragma omp taskloop grainsize(10)
	for (unsigned long long i = base; i < base + 990; i += 3)
		body((long)(i - base));
#pragma omp taskloop nogroup num_tasks(4)
	for (unsigned long long i = base + 991; i > base + 1; i -= 3)
		body((long)(i - base) - 1);
}

/* More tasks than the runtime defers: it runs them all at once, without a copy on its stack. */
static void many(void)
{
	long sum = 0;

#pragma omp taskloop grainsize(1) reduction(+ : sum)
	for (int i = 0; i < 200000; i++) {
		if (i < COUNT)
			body(i);
		sum += i;
	}
	printf("many: %ld\n", sum);
}

static void reduced(void)
{
	long sum = 0;

#pragma omp taskloop num_tasks(20) reduction(+ : sum)
	for (int i = 0; i < COUNT; i++) {
		body((long)i);
		sum += i;
	}
	printf("reduced: %ld\n", sum);
}

static void not_deferred(void)
{
#pragma omp taskloop if (0)
	for (int i = 0; i < COUNT; i++)
		body((long)i);
}

static void big_arguments(void)
{
	int numbers[20000];
	int last = 0;

	for (int i = 0; i < 20000; i++)
		numbers[i] = i;
#pragma omp taskloop firstprivate(numbers) lastprivate(last) num_tasks(8)
	for (int i = 0; i < COUNT; i++) {
		body(numbers[i]);
		last = numbers[i * 2];
	}
	printf("big arguments: %d\n", last);
}

/* The scope is left before the tasks have run. */
static void in_no_group(void)
{
	for (int part = 0; part < 10; part++) {
		char name[16];
		flyte_token token;

		snprintf(name, sizeof(name), "part%d", part);
		token = enter(name);
#pragma omp taskloop nogroup num_tasks(10) firstprivate(name)
		for (int i = part * 100; i < part * 100 + 100; i++) {
			LOOK(name);
#pragma omp atomic
			done[i]++;
		}
		leave(token);
	}
	/* nothing to do: no task at all */
#pragma omp taskloop nogroup
	for (unsigned long i = 0; i < strlen(scope) - 11; i++)
		body((long)i);
}

static void inner_one(void)
{
#pragma omp taskloop num_tasks(5)
	for (int part = 0; part < 10; part++) {
		LOOK(scope);
#pragma omp taskloop num_tasks(4)
		for (int i = part * 100; i < part * 100 + 100; i++)
			body(i);
	}
}

int main(void)
{
	run("up", up);
	run("down", down);
	run("steps", steps);
	run("big unsigned", big_unsigned);
	run("many", many);
	run("reduced", reduced);
	run("not deferred", not_deferred);
	run("big arguments", big_arguments);
	run("in no group", in_no_group);
	run("inner one", inner_one);
	/* in no region */
	snprintf(scope, sizeof(scope), "-");
	up();
	report("outside");
	return finish();
}
