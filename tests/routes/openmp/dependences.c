/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks that wait for others: each runs in the context in which it was created, whoever runs it. */
#include "sum.h"

/* One after the other: in -> out chains, with a scope for each. */
static void dependences(void)
{
	int cell = 1, order = 0;

#pragma omp parallel num_threads(THREADS)
#pragma omp single
	for (int i = 0; i < 50; i++) {
		char name[16];
		flyte_token token;

		snprintf(name, sizeof(name), "d%d", i);
		token = enter(name);
#pragma omp task depend(inout : cell) firstprivate(name, i) shared(cell, order)
		{
			LOOK(name);
			if (order++ != i)
				add(1000000);
			cell++;
		}
		leave(token);
	}
	add(cell);
	report("dependences");
}

/* ON_LLVM: that runtime has no omp_fulfill_event() of the version that gcc links with. */
static void detached(void)
{
#ifndef ON_LLVM
	omp_event_handle_t events[20];
	int before = 0;

#pragma omp parallel num_threads(THREADS)
#pragma omp single
	{
		for (int i = 0; i < 20; i++) {
			omp_event_handle_t event;
			char name[16];
			flyte_token token;

			snprintf(name, sizeof(name), "e%d", i);
			token = enter(name);
#pragma omp task detach(event) firstprivate(name, i)
			{
				LOOK(name);
				add(i);
				if (i % 2)
					omp_fulfill_event(event);
			}
			events[i] = event;
			leave(token);
		}
		for (int i = 0; i < 20; i += 2)
			omp_fulfill_event(events[i]);
#pragma omp taskwait
		before = sum;
	}
	printf("detached: %d\n", before);
#endif
	report("detached");
}

/* Tasks that are waited for by others run on their threads, in between: LIFO. */
static void yields(void)
{
	flyte_token token = enter("yield");

#pragma omp parallel num_threads(THREADS)
#pragma omp single
	for (int i = 0; i < 50; i++) {
#pragma omp task untied
		{
			LOOK("yield");
#pragma omp taskyield
			LOOK("yield");
			enter("left in a task");
			add(i);
		}
#pragma omp taskgroup
		{
			flyte_token inner = enter("group");

#pragma omp task
			{
				LOOK("group");
				add(1);
			}
			leave(inner);
		}
		LOOK("yield");
	}
	LOOK("yield");
	leave(token);
	report("yields");
}

int main(void)
{
	dependences();
	detached();
	yields();
	return finish();
}
