/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/internal/test_context.py: the current context, groups, flags (SPEC 1.2, 2.3).
 * Its concurrent coroutines are threads here.
 */
#include "conformance.h"

/* --- groups --- */

static bool has_group(const char *name)
{
	const struct flyte_task_context *context = flyte_ctx_get();

	if (!context || !context->group)
		return context && !name;
	return name && !strcmp(context->group, name);
}

static const char *inner_context_group(const char *outer_name)
{
	flyte_token token;

	REQUIRE(flyte_ctx_get());
	REQUIRE(flyte_ctx_get()->action.name);
	REQUIRE(has_group(outer_name));
	token = flyte_group_enter("inner");
	REQUIRE(token > FLYTE_TOKEN_NONE);
	REQUIRE(has_group("inner"));
	REQUIRE(!flyte_context_exit(token));
	REQUIRE(has_group(outer_name));
	return NULL;
}

static void *inner_context_group_thread(void *outer_name)
{
	return (void *)(uintptr_t)inner_context_group(outer_name);
}

/* The task context with its version changed, where upstream changes its data. */
static flyte_token replace_version(const char *version)
{
	struct flyte_task_context task = *flyte_ctx_get();

	task.version = version;
	return flyte_replace_task_context(&task);
}

static const char *outer_context_group(const char *outer_name)
{
	flyte_token replaced, group;

	REQUIRE(flyte_ctx_get());
	replaced = replace_version("y");
	REQUIRE(replaced > FLYTE_TOKEN_NONE);
	REQUIRE(!strcmp(flyte_ctx_get()->version, "y"));
	REQUIRE(has_group(NULL));
	group = flyte_group_enter(outer_name);
	REQUIRE(group > FLYTE_TOKEN_NONE);
	REQUIRE(has_group(outer_name));
	REQUIRE(!inner_context_group(outer_name));
	REQUIRE(has_group(outer_name));
	REQUIRE(!flyte_context_exit(group));
	REQUIRE(!strcmp(flyte_ctx_get()->version, "y"));
	REQUIRE(has_group(NULL));
	REQUIRE(!flyte_context_exit(replaced));
	REQUIRE(!strcmp(flyte_ctx_get()->version, ""));
	return NULL;
}

static const char *simulate_task(struct flyte_task_context task, const char *outer_name)
{
	flyte_token token;

	REQUIRE(!flyte_ctx_get());
	token = flyte_replace_task_context(&task);
	REQUIRE(token > FLYTE_TOKEN_NONE);
	REQUIRE(!strcmp(flyte_ctx_get()->action.name, task.action.name));
	REQUIRE(has_group(NULL));
	REQUIRE(!outer_context_group(outer_name));
	REQUIRE(!strcmp(flyte_ctx_get()->action.name, task.action.name));
	REQUIRE(!flyte_context_exit(token));
	REQUIRE(!flyte_ctx_get());
	return NULL;
}

static void test_context_group_propagation(void **state)
{
	(void)state;
	assert_right(simulate_task(fixture(), "outer_group"));
}

/* Upstream's inner function then runs on a thread of syncify. */
static void test_context_group_propagation_sync(void **state)
{
	char name[] = "outer_sync";
	flyte_token task, group;

	(void)state;
	assert_null(flyte_ctx_get());
	task = enter_task(fixture());
	assert_true(has_group(NULL));
	group = flyte_group_enter(name);
	assert_true(has_group(name));
	assert_right(start_and_join(inner_context_group_thread, name));
	assert_true(has_group(name));
	assert_child("group", name);
	leave(group);
	assert_true(has_group(NULL));
	leave(task);
}

struct branch {
	const char *action;
	pthread_barrier_t *together;
};

/* A hundred times, for the branches to meet at every step of one another. */
static void *branch(void *argument)
{
	const struct branch *branch = argument;
	struct flyte_task_context task = fixture();

	task.action.name = branch->action;
	pthread_barrier_wait(branch->together);
	for (int i = 0; i < 100; i++) {
		const char *wrong = simulate_task(task, "outer_group");

		if (wrong)
			return (void *)(uintptr_t)wrong;
	}
	return NULL;
}

static void test_context_trees(void **state)
{
	pthread_barrier_t together;
	struct branch branches[] = { { "test1", &together }, { "test2", &together } };
	pthread_t threads[2];
	void *wrong;

	(void)state;
	pthread_barrier_init(&together, NULL, 2);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, branch, &branches[i]), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_right(wrong);
	}
	pthread_barrier_destroy(&together);
	assert_null(flyte_ctx_get());
}

/* One item; upstream computes each in the loop of another thread, with its caller's context. */
static void *next_item(void *item)
{
	REQUIRE(has_group("generator"));
	++*(int *)item;
	return NULL;
}

static void test_context_generator(void **state)
{
	flyte_token task, replaced, group;
	int item = 0;

	(void)state;
	assert_null(flyte_ctx_get());
	task = enter_task(fixture());
	assert_true(has_group(NULL));
	replaced = replace_version("y");
	group = flyte_group_enter("generator");
	for (int i = 1; i <= 3; i++) {
		assert_right(start_and_join(next_item, &item));
		assert_int_equal(item, i);
	}
	leave(group);
	leave(replaced);
	leave(task);
}

/* --- flags --- */

static void test_task_context_disable_run_cache_default(void **state)
{
	flyte_token token = enter_task(fixture());

	(void)state;
	assert_false(flyte_ctx_get()->disable_run_cache);
	leave(token);
}

static void test_task_context_disable_run_cache_explicit(void **state)
{
	struct flyte_task_context task = fixture();
	flyte_token token;

	(void)state;
	task.disable_run_cache = true;
	token = enter_task(task);
	assert_true(flyte_ctx_get()->disable_run_cache);
	leave(token);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_context_group_propagation),
		cmocka_unit_test(test_context_group_propagation_sync),
		cmocka_unit_test(test_context_trees),
		cmocka_unit_test(test_context_generator),
		cmocka_unit_test(test_task_context_disable_run_cache_default),
		cmocka_unit_test(test_task_context_disable_run_cache_explicit),
	};

	if (argc > 1)
		return report(argv[1]);
	return cmocka_run_group_tests_name("test_context", tests, be_outside, NULL);
}
