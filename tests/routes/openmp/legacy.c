/* SPDX-License-Identifier: Apache-2.0 */
/* Regions as gcc before 4.9 compiled them: GOMP_parallel_start, the own part, GOMP_parallel_end. */
#include "openmp.h"

void GOMP_parallel_start(void (*fn)(void *), void *data, unsigned threads);
void GOMP_parallel_sections_start(void (*fn)(void *), void *data, unsigned threads, unsigned count);
void GOMP_parallel_loop_static_start(void (*fn)(void *), void *data, unsigned threads, long start,
				     long end, long step, long chunk);
void GOMP_parallel_loop_dynamic_start(void (*fn)(void *), void *data, unsigned threads, long start,
				      long end, long step, long chunk);
void GOMP_parallel_loop_guided_start(void (*fn)(void *), void *data, unsigned threads, long start,
				     long end, long step, long chunk);
void GOMP_parallel_loop_runtime_start(void (*fn)(void *), void *data, unsigned threads, long start,
				      long end, long step);
void GOMP_parallel_end(void);
_Bool GOMP_loop_static_next(long *start, long *end);
_Bool GOMP_loop_dynamic_next(long *start, long *end);
_Bool GOMP_loop_guided_next(long *start, long *end);
_Bool GOMP_loop_runtime_next(long *start, long *end);
void GOMP_loop_end_nowait(void);
unsigned GOMP_sections_next(void);
void GOMP_sections_end_nowait(void);

static const char *scope;
static int sum;

static void add(int number)
{
	LOOK(scope);
	__atomic_fetch_add(&sum, number, __ATOMIC_RELAXED);
}

static void part(void *data)
{
	add(*(int *)data);
}

static void sections(void *data)
{
	while (GOMP_sections_next())
		add(*(int *)data);
	GOMP_sections_end_nowait();
}

static void static_part(void *data)
{
	long start, end;

	while (GOMP_loop_static_next(&start, &end))
		while (start < end)
			add(*(int *)data * (int)start++);
	GOMP_loop_end_nowait();
}

static void dynamic_part(void *data)
{
	long start, end;

	while (GOMP_loop_dynamic_next(&start, &end))
		while (start < end)
			add(*(int *)data * (int)start++);
	GOMP_loop_end_nowait();
}

static void guided_part(void *data)
{
	long start, end;

	while (GOMP_loop_guided_next(&start, &end))
		while (start < end)
			add(*(int *)data * (int)start++);
	GOMP_loop_end_nowait();
}

static void runtime_part(void *data)
{
	long start, end;

	while (GOMP_loop_runtime_next(&start, &end))
		while (start < end)
			add(*(int *)data * (int)start++);
	GOMP_loop_end_nowait();
}

static void nested_part(void *data)
{
	int one = 1;

	add(*(int *)data);
	GOMP_parallel_start(part, &one, 2);
	part(&one);
	GOMP_parallel_end();
	add(*(int *)data);
}

static void all_kinds(void)
{
	int one = 1;

	GOMP_parallel_start(part, &one, THREADS);
	part(&one);
	GOMP_parallel_end();
	GOMP_parallel_sections_start(sections, &one, THREADS, 5);
	sections(&one);
	GOMP_parallel_end();
	GOMP_parallel_loop_static_start(static_part, &one, THREADS, 0, 100, 1, 3);
	static_part(&one);
	GOMP_parallel_end();
	GOMP_parallel_loop_dynamic_start(dynamic_part, &one, THREADS, 0, 100, 1, 3);
	dynamic_part(&one);
	GOMP_parallel_end();
	GOMP_parallel_loop_guided_start(guided_part, &one, THREADS, 0, 100, 1, 3);
	guided_part(&one);
	GOMP_parallel_end();
	GOMP_parallel_loop_runtime_start(runtime_part, &one, THREADS, 0, 100, 1);
	runtime_part(&one);
	GOMP_parallel_end();
	GOMP_parallel_start(nested_part, &one, 2);
	nested_part(&one);
	GOMP_parallel_end();
}

int main(void)
{
	omp_set_max_active_levels(2);
	scope = "-";
	all_kinds();
	for (int i = 0; i < 50; i++) {
		flyte_token token = enter("legacy");

		scope = flyte_ctx_get() ? "legacy" : "-";
		all_kinds();
		leave(token);
		scope = "-";
		all_kinds();
	}
	printf("%d\n", sum);
	return finish();
}
