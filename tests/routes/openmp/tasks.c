/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks: each runs in the context in which it was created, also where that was left meanwhile. */
#include "sum.h"

enum { TASKS = 200 };

static void of_a_single(void)
{
	flyte_token token = enter("single");

#pragma omp parallel num_threads(THREADS)
#pragma omp single
	for (int i = 0; i < TASKS; i++)
#pragma omp task
	{
		LOOK("single");
		add(i);
	}
	leave(token);
	report("of a single");
}

/* Each in a scope of its own, which is gone when the task runs. */
static void each_its_own(void)
{
#pragma omp parallel num_threads(THREADS)
#pragma omp single
	for (int i = 0; i < TASKS; i++) {
		char name[16];
		flyte_token token;

		snprintf(name, sizeof(name), "t%d", i);
		token = enter(name);
#pragma omp task firstprivate(name)
		{
			LOOK(name);
			pause_a_little();
			LOOK(name);
			add(i);
		}
		leave(token);
		LOOK("-");
	}
	report("each its own");
}

static void of_all_threads(void)
{
	flyte_token token = enter("all");

#pragma omp parallel num_threads(THREADS)
	{
		char name[16];
		flyte_token own;

		snprintf(name, sizeof(name), "w%d", omp_get_thread_num());
		own = enter(name);
		for (int i = 0; i < TASKS; i++)
#pragma omp task firstprivate(name)
		{
			LOOK(name);
			add(i);
		}
#pragma omp taskwait
		LOOK(name);
		leave(own);
		LOOK("all");
	}
	leave(token);
	report("of all threads");
}

static void recursive(int depth, const char *scope)
{
	char name[32];
	flyte_token token;

	LOOK(scope);
	add(1);
	if (depth == 0)
		return;
	snprintf(name, sizeof(name), "%s.%d", scope, depth);
	token = enter(name);
#pragma omp task firstprivate(name, depth)
	recursive(depth - 1, name);
#pragma omp task firstprivate(name, depth)
	recursive(depth - 1, name);
	LOOK(name);
#pragma omp taskwait
	LOOK(name);
	leave(token);
	LOOK(scope);
}

static void recursively(void)
{
	flyte_token token = enter("r");

#pragma omp parallel num_threads(THREADS)
#pragma omp single
	recursive(7, "r");
	leave(token);
	report("recursively");
}

/* Not deferred: by if(0), final, and outside of every region. */
static void undeferred(void)
{
	flyte_token token = enter("now");

#pragma omp parallel num_threads(THREADS)
#pragma omp single
	{
#pragma omp task if (0)
		{
			LOOK("now");
			add(1);
			enter("left entered");
		}
		LOOK("now");
#pragma omp task final(1)
		{
			LOOK("now");
#pragma omp task
			{
				LOOK("now");
				add(2);
			}
			add(4);
		}
	}
#pragma omp task
	{
		LOOK("now");
		add(8);
	}
	leave(token);
	report("undeferred");
}

struct big {
	int numbers[25000];
};

struct aligned {
	char c;
	_Alignas(256) int number;
};

__attribute__((unused)) static void arguments(void)
{
	static struct big original;
	struct aligned aligned = { 1, 77 };
	flyte_token token = enter("big");

	for (int i = 0; i < 25000; i++)
		original.numbers[i] = i;
#pragma omp parallel num_threads(THREADS)
#pragma omp single
	for (int i = 0; i < 20; i++) {
		struct big big = original;

#pragma omp task firstprivate(big) if (i % 4)
		{
			LOOK("big");
			for (int n = 0; n < 25000; n++)
				if (big.numbers[n] != n)
					add(1000000);
			add(big.numbers[i]);
		}
#pragma omp task firstprivate(aligned, i) if (i % 4)
		{
			LOOK("big");
#ifndef __i386__ /* LLVM's runtime does not align it: here it sometimes happens to be */
			if ((unsigned long)&aligned % 256)
				add(1000000);
#endif
			add(aligned.number * i);
		}
	}
	leave(token);
	report("arguments");
}

int main(void)
{
	of_a_single();
	each_its_own();
	of_all_threads();
	recursively();
	undeferred();
#ifndef ON_LLVM /* version 14 loses the arguments of gcc's tasks that are not deferred */
	arguments();
#endif
	return finish();
}
