/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Under OMP_CANCELLATION=true: what is cancelled is dropped with the preload as without. There is
 * one thread, so that what waits is not begun when it is cancelled.
 */
#include "openmp.h"

static int ran;

static void run(void)
{
	LOOK("cancel");
#pragma omp atomic
	ran++;
}

static void report(const char *what)
{
	printf("%s: %d ran\n", what, ran);
	ran = 0;
}

static void cancel(void)
{
#pragma omp task if (0)
	{
		run();
#pragma omp cancel taskgroup
		run();
	}
}

/* Those that wait are dropped, and those that come later. */
static void taskgroup(void)
{
#pragma omp parallel num_threads(1)
#pragma omp taskgroup
	{
		for (int i = 0; i < 20; i++)
#pragma omp task
			run();
		cancel();
#pragma omp task
		run();
	}
	report("taskgroup");
}

static void depending(void)
{
	int cell = 0;

#pragma omp parallel num_threads(1)
#pragma omp taskgroup
	{
		for (int i = 0; i < 20; i++)
#pragma omp task depend(inout : cell)
			run();
		cancel();
	}
	(void)cell; /* gcc takes a dependence for no use */
	report("depending");
}

/* LLVM's runtime, version 14, ends a program of one thread with an assertion here. */
static void detached(void)
{
#ifndef __clang__
#pragma omp parallel num_threads(1)
#pragma omp taskgroup
	{
		omp_event_handle_t event;

#pragma omp task detach(event)
		{
#pragma omp atomic
			ran++;
			omp_fulfill_event(event);
		}
		cancel();
	}
#endif
	report("detached");
}

static void loops(void)
{
#pragma omp parallel num_threads(1)
#pragma omp taskgroup
	{
#pragma omp taskloop nogroup num_tasks(4)
		for (int i = 0; i < 4; i++)
#pragma omp atomic
			ran++;
		cancel();
	}
	report("loops");
}

static void parallel(void)
{
#pragma omp parallel num_threads(1)
	{
		for (int i = 0; i < 20; i++)
#pragma omp task
			run();
#pragma omp cancel parallel
		run();
	}
	report("parallel");
}

int main(void)
{
	flyte_token token = enter("cancel");

	printf("cancellation: %d\n", omp_get_cancellation());
	for (int i = 0; i < 20; i++) {
		taskgroup();
		depending();
		detached();
		loops();
		parallel();
	}
	leave(token);
	return finish();
}
