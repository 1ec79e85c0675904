/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/internal/test_input_context.py: the custom context in scopes (SPEC 2.1, 3.2).
 */
#include "run_task.h"

static const struct flyte_pair global[] = { { "global_key", "global_value" } };

static flyte_token enter(const char *key, const char *value)
{
	struct flyte_pair pair = { key, value };
	flyte_token token = flyte_custom_context_enter(&pair, 1);

	assert_true(token > FLYTE_TOKEN_NONE);
	return token;
}

/* --- scopes --- */

static void test_get_custom_context_from_task_context(void **state)
{
	flyte_token task = enter_task(fixture_with(global, 1));

	(void)state;
	assert_custom_context("global_key=global_value");
	assert_string_equal(flyte_custom_context_get("global_key"), "global_value");
	leave(task);
}

static void test_get_custom_context_without_task_context(void **state)
{
	(void)state;
	assert_null(flyte_ctx_get());
	assert_null(flyte_custom_context_get("global_key"));
}

static void test_custom_context_manager_basic(void **state)
{
	flyte_token task = enter_task(fixture_with(global, 1));

	(void)state;
	FLYTE_CUSTOM_CONTEXT ("project", "my-project") {
		assert_custom_context("global_key=global_value project=my-project");
	}
	leave(task);
}

static void test_custom_context_manager_nested(void **state)
{
	flyte_token task = enter_task(fixture_with(global, 1));

	(void)state;
	FLYTE_CUSTOM_CONTEXT ("project", "my-project") {
		FLYTE_CUSTOM_CONTEXT ("entity", "my-entity") {
			assert_custom_context(
				"global_key=global_value project=my-project entity=my-entity");
		}
	}
	leave(task);
}

static void test_custom_context_manager_override(void **state)
{
	const struct flyte_pair base[] = { { "project", "global-project" },
					   { "env", "production" } };
	flyte_token task = enter_task(fixture_with(base, 2));

	(void)state;
	FLYTE_CUSTOM_CONTEXT ("project", "my-project") {
		assert_custom_context("project=my-project env=production");
	}
	leave(task);
}

/* With tokens, where the test before it has a block. */
static void test_custom_context(void **state)
{
	flyte_token task = enter_task(fixture_with(global, 1));
	flyte_token scope = enter("project", "my-project");

	(void)state;
	assert_custom_context("global_key=global_value project=my-project");
	leave(scope);
	leave(task);
}

static void test_custom_context_isolation(void **state)
{
	flyte_token task = enter_task(fixture_with(global, 1));

	(void)state;
	FLYTE_CUSTOM_CONTEXT ("project", "project1") {
		assert_custom_context("global_key=global_value project=project1");
	}
	assert_null(flyte_custom_context_get("project"));
	assert_custom_context("global_key=global_value");
	leave(task);
}

static void test_custom_context_with_task_context(void **state)
{
	flyte_token task = enter_task(fixture_with(global, 1));

	(void)state;
	assert_custom_context("global_key=global_value");
	FLYTE_CUSTOM_CONTEXT ("project", "my-project") {
		assert_custom_context("global_key=global_value project=my-project");
		/* A task context that is replaced inside keeps what it is given. */
		flyte_token copy = enter_task(*flyte_ctx_get());

		assert_custom_context("global_key=global_value project=my-project");
		leave(copy);
	}
	leave(task);
}

static void test_nested_context_managers_detailed(void **state)
{
#define LEVEL0 "env=production region=us-west-2"
#define LEVEL1 LEVEL0 " project=project1"
#define LEVEL2 LEVEL1 " entity=entity1"
#define LEVEL3 LEVEL2 " id=123"
	const struct flyte_pair base[] = { { "env", "production" }, { "region", "us-west-2" } };
	flyte_token task = enter_task(fixture_with(base, 2));

	(void)state;
	assert_custom_context(LEVEL0);
	FLYTE_CUSTOM_CONTEXT ("project", "project1") {
		assert_custom_context(LEVEL1);
		FLYTE_CUSTOM_CONTEXT ("entity", "entity1") {
			assert_custom_context(LEVEL2);
			FLYTE_CUSTOM_CONTEXT ("id", "123") {
				assert_custom_context(LEVEL3);
				assert_child("custom_context", LEVEL3);
			}
			assert_custom_context(LEVEL2);
			assert_child("custom_context", LEVEL2);
		}
		assert_custom_context(LEVEL1);
	}
	assert_custom_context(LEVEL0);
	assert_child("custom_context", LEVEL0);
	leave(task);
	assert_child("custom_context", "outside");
#undef LEVEL0
#undef LEVEL1
#undef LEVEL2
#undef LEVEL3
}

static void test_nested_context_override(void **state)
{
	const struct flyte_pair base[] = { { "env", "production" },
					   { "project", "global-project" } };
	flyte_token task = enter_task(fixture_with(base, 2));

	(void)state;
	FLYTE_CUSTOM_CONTEXT ("project", "parent-project") {
		assert_custom_context("env=production project=parent-project");
		FLYTE_CUSTOM_CONTEXT ("project", "child-project", "entity", "my-entity") {
			assert_custom_context(
				"env=production project=child-project entity=my-entity");
		}
		assert_custom_context("env=production project=parent-project");
	}
	assert_custom_context("env=production project=global-project");
	leave(task);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_get_custom_context_from_task_context),
		cmocka_unit_test(test_get_custom_context_without_task_context),
		cmocka_unit_test(test_custom_context_manager_basic),
		cmocka_unit_test(test_custom_context_manager_nested),
		cmocka_unit_test(test_custom_context_manager_override),
		cmocka_unit_test(test_custom_context),
		cmocka_unit_test(test_custom_context_isolation),
		cmocka_unit_test(test_custom_context_with_task_context),
		cmocka_unit_test(test_nested_context_managers_detailed),
		cmocka_unit_test(test_nested_context_override),
	};

	if (argc > 1)
		return report(argv[1]);
	return cmocka_run_group_tests_name("test_input_context", tests, be_outside, NULL);
}
