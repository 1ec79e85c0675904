/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Rust SDK's crates/flyte/tests/context_propagation.rs: what is started inside a trace is in
 * it (SPEC 3.2). Its tasks are threads here, and its spawn is pthread_create().
 */
#include "conformance.h"

static const struct flyte_action_id trace = { .name = "trace" };

static void *in_trace(void *unused)
{
	const struct flyte_task_context *context = flyte_ctx_get();

	(void)unused;
	return context && context->in_trace ? "in" : NULL;
}

static void spawn_carries_the_trace_flag_where_tokio_spawn_drops_it(void **state)
{
	flyte_token task = enter_task(fixture()), token = flyte_trace_enter(&trace);

	(void)state;
	assert_true(token > FLYTE_TOKEN_NONE);
	assert_non_null(in_trace(NULL));
	assert_non_null(start_and_join(in_trace, NULL));
	assert_child("in_trace", "true");
	leave(token);
	assert_null(start_and_join(in_trace, NULL));
	assert_child("in_trace", "false");
	leave(task);
}

static void *compute(void *answer)
{
	if (!flyte_ctx_get())
		*(int *)answer = 21 * 2;
	return answer;
}

static void spawn_outside_a_task_context_is_just_a_spawn(void **state)
{
	int answer = 0;

	(void)state;
	assert_ptr_equal(start_and_join(compute, &answer), &answer);
	assert_int_equal(answer, 42);
	assert_child("custom_context", "outside");
}

/* A sibling: in no trace, while its creator's other child is in one. */
static void *sibling(void *together)
{
	bool inside = in_trace(NULL);

	pthread_barrier_wait(together); /* now the other one is in its trace */
	inside = inside || in_trace(NULL);
	pthread_barrier_wait(together);
	return inside ? "in" : NULL;
}

static void concurrent_scopes_do_not_leak_into_each_other(void **state)
{
	flyte_token task = enter_task(fixture()), token;
	pthread_barrier_t together;
	pthread_t thread;
	void *theirs;

	(void)state;
	pthread_barrier_init(&together, NULL, 2);
	assert_int_equal(pthread_create(&thread, NULL, sibling, &together), 0);
	token = flyte_trace_enter(&trace);
	pthread_barrier_wait(&together);
	assert_non_null(in_trace(NULL));
	pthread_barrier_wait(&together);
	assert_int_equal(pthread_join(thread, &theirs), 0);
	assert_null(theirs);
	assert_non_null(in_trace(NULL));
	pthread_barrier_destroy(&together);
	leave(token);
	leave(task);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spawn_carries_the_trace_flag_where_tokio_spawn_drops_it),
		cmocka_unit_test(spawn_outside_a_task_context_is_just_a_spawn),
		cmocka_unit_test(concurrent_scopes_do_not_leak_into_each_other),
	};

	if (argc > 1)
		return report(argv[1]);
	return cmocka_run_group_tests_name("test_context_propagation", tests, be_outside, NULL);
}
