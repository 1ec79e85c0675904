/* SPDX-License-Identifier: Apache-2.0 */
/* Regions: alone, repeated, nested, serialized, with reductions; what their threads leave entered.
 */
#include "openmp.h"

static void all_have(const char *scope)
{
#pragma omp parallel num_threads(THREADS)
	LOOK(scope);
}

/* The pool is there since the first; it has to follow each time. */
static void the_pool_follows(void)
{
	all_have("-");
	for (int i = 0; i < 100; i++) {
		char name[16];
		flyte_token token;

		snprintf(name, sizeof(name), "s%d", i);
		token = enter(name);
		all_have(name);
		leave(token);
		all_have("-");
	}
}

/* B while the pool is made, then C in all of its threads. */
static void b_then_c(void)
{
	flyte_token b = enter("B"), c;

#pragma omp parallel num_threads(THREADS + 2)
	LOOK("B");
	c = enter("C");
#pragma omp parallel num_threads(THREADS + 2)
	LOOK("C");
	leave(c);
	leave(b);
}

static void reductions(void)
{
	flyte_token token = enter("sum");
	long sum = 0, product = 1;

#pragma omp parallel num_threads(THREADS) reduction(+ : sum) reduction(* : product)
	{
		LOOK("sum");
		sum += omp_get_thread_num();
		product *= 2;
	}
	leave(token);
	printf("reductions: %ld %ld\n", sum, product);
}

static void task_reductions(void)
{
	flyte_token token = enter("task sum");
	int sum = 0;

#pragma omp parallel num_threads(THREADS) reduction(task, + : sum)
	{
		LOOK("task sum");
#pragma omp single
		for (int i = 0; i < 100; i++)
#pragma omp task in_reduction(+ : sum)
		{
			LOOK("task sum");
			sum += i;
		}
	}
	leave(token);
	printf("task reductions: %d\n", sum);
}

static void nested(void)
{
	flyte_token token = enter("outer");
	int count = 0;

	omp_set_max_active_levels(2);
#pragma omp parallel num_threads(2)
	{
		char name[16];
		flyte_token inner;

		snprintf(name, sizeof(name), "in%d", omp_get_thread_num());
		LOOK("outer");
		inner = enter(name);
		for (int i = 0; i < 20; i++) {
#pragma omp parallel num_threads(2)
			{
				LOOK(name);
#pragma omp atomic
				count++;
			}
		}
		LOOK(name);
		leave(inner);
		LOOK("outer");
	}
	LOOK("outer");
	omp_set_max_active_levels(1);
	leave(token);
	printf("nested: %d\n", count);
}

static void serialized(void)
{
	flyte_token token = enter("alone");
	int threads = 0;

#pragma omp parallel if (0)
	{
		LOOK("alone");
		threads += omp_get_num_threads();
	}
	leave(token);
	printf("serialized: %d\n", threads);
}

/* What is left entered, and the scope of the region exited inside it: undone at its end. */
static void left_entered(void)
{
	flyte_token token = enter("mine");

	for (int i = 0; i < 10; i++) {
#pragma omp parallel num_threads(THREADS)
		{
			LOOK("mine");
			enter("left");
			enter("left twice");
		}
		LOOK("mine");
#pragma omp parallel num_threads(THREADS)
		{
			/* only its own thread may */
			if (omp_get_thread_num() == 0) {
				leave(token);
				LOOK("-");
			}
			pause_a_little();
			if (omp_get_thread_num() != 0)
				LOOK("mine");
		}
		LOOK("mine");
	}
	leave(token);
	LOOK("-");
}

/* As the last call of a function: then the return address is that of another function. */
__attribute__((noinline)) static void tail(void)
{
#pragma omp parallel num_threads(THREADS)
	LOOK("tail");
}

int main(void)
{
	flyte_token token;

	the_pool_follows();
	for (int i = 0; i < 100; i++)
		b_then_c();
	reductions();
	task_reductions();
	nested();
	serialized();
	left_entered();
	token = enter("tail");
	tail();
	leave(token);
	all_have("-");
	return finish();
}
