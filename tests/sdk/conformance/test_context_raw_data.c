/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/internal/test_context.py: raw data and traces (SPEC 1.7, 2.3).
 */
#include "conformance.h"

/* --- raw data (SPEC 2.5: flyte_raw_data) --- */

static void assert_raw_data(const char *expected)
{
	const struct flyte_raw_data_path *raw_data = flyte_raw_data();

	assert_non_null(raw_data);
	assert_string_equal(raw_data->path, expected);
}

static flyte_token enter_raw_data(const char *path)
{
	struct flyte_raw_data_path raw_data = { .path = path };
	flyte_token token = flyte_new_raw_data_path(&raw_data);

	assert_true(token > FLYTE_TOKEN_NONE);
	return token;
}

static void test_has_raw_data_with_task_context(void **state)
{
	struct flyte_task_context task = fixture();
	flyte_token token;

	(void)state;
	task.raw_data_path.path = "/some/path";
	token = enter_task(task);
	assert_raw_data("/some/path");
	leave(token);
}

static void test_has_raw_data_with_context_data(void **state)
{
	flyte_token token = enter_raw_data("/some/path");

	(void)state;
	assert_null(flyte_ctx_get());
	assert_raw_data("/some/path");
	leave(token);
}

/* As upstream's, in spite of its name: a path that is empty is set. */
static void test_has_raw_data_without_raw_data_path(void **state)
{
	flyte_token token = enter_task(fixture());

	(void)state;
	assert_raw_data("");
	leave(token);
}

static void test_has_raw_data_empty_context(void **state)
{
	(void)state;
	errno = 0;
	assert_null(flyte_raw_data());
	assert_int_equal(errno, ENODATA);
}

static void test_has_raw_data_priority(void **state)
{
	struct flyte_task_context task = fixture();
	flyte_token context = enter_raw_data("/context/path"), token;

	(void)state;
	task.raw_data_path.path = "/task/path";
	token = enter_task(task);
	assert_raw_data("/task/path");
	leave(token);
	assert_raw_data("/context/path");
	leave(context);
}

/* --- traces: nobody is refused here, but everybody can see that he is in one --- */

static flyte_token enter_trace(flyte_token *task)
{
	struct flyte_action_id action = { .name = "trace" };
	flyte_token token;

	*task = enter_task(fixture());
	assert_false(flyte_ctx_get()->in_trace);
	token = flyte_trace_enter(&action);
	assert_true(token > FLYTE_TOKEN_NONE);
	return token;
}

static void leave_trace(flyte_token trace, flyte_token task)
{
	leave(trace);
	assert_false(flyte_ctx_get()->in_trace);
	leave(task);
}

static void test_task_call_raises_in_trace_context(void **state)
{
	flyte_token task, trace = enter_trace(&task);

	(void)state;
	assert_true(flyte_ctx_get()->in_trace);
	leave_trace(trace, task);
}

static void *is_in_trace(void *unused)
{
	(void)unused;
	REQUIRE(flyte_ctx_get()->in_trace);
	return NULL;
}

static void test_async_task_call_raises_in_trace_context(void **state)
{
	flyte_token task, trace = enter_trace(&task);

	(void)state;
	assert_right(start_and_join(is_in_trace, NULL));
	leave_trace(trace, task);
}

static void test_task_aio_raises_in_trace_context(void **state)
{
	flyte_token task, trace = enter_trace(&task);

	(void)state;
	assert_child("in_trace", "true");
	leave_trace(trace, task);
}

static void *child_is_in_trace(void *unused)
{
	(void)unused;
	assert_child("in_trace", "true");
	return NULL;
}

static void test_sync_task_aio_raises_in_trace_context(void **state)
{
	flyte_token task, trace = enter_trace(&task);

	(void)state;
	assert_right(start_and_join(child_is_in_trace, NULL));
	leave_trace(trace, task);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_has_raw_data_with_task_context),
		cmocka_unit_test(test_has_raw_data_with_context_data),
		cmocka_unit_test(test_has_raw_data_without_raw_data_path),
		cmocka_unit_test(test_has_raw_data_empty_context),
		cmocka_unit_test(test_has_raw_data_priority),
		cmocka_unit_test(test_task_call_raises_in_trace_context),
		cmocka_unit_test(test_async_task_call_raises_in_trace_context),
		cmocka_unit_test(test_task_aio_raises_in_trace_context),
		cmocka_unit_test(test_sync_task_aio_raises_in_trace_context),
	};

	if (argc > 1)
		return report(argv[1]);
	return cmocka_run_group_tests_name("test_context_raw_data", tests, be_outside, NULL);
}
