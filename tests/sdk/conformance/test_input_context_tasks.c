/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/internal/test_input_context.py: the custom context in child tasks
 * (SPEC 2.1, 3.2). A task that upstream's runs is a process here: the parent is started by
 * `flytectx run`, and starts its child tasks itself.
 */
#include "run_task.h"

static void assert_task(const char *const options[], const char *role, const char *expected)
{
	char output[OUTPUT_SIZE];

	assert_string_equal(run_task(options, role, output), expected);
}

static void test_with_runcontext_basic(void **state)
{
	const char *const options[] = { "--custom-context", "project=my-project",
					"--custom-context", "env=prod", NULL };

	(void)state;
	assert_task(options, "custom_context", "project=my-project env=prod");
}

/* What a task of its own starts sees; the parent task writes one line for each. */
static void print_child(const char *name, const char *role)
{
	const char *const argv[] = { self(), role, NULL };
	char output[OUTPUT_SIZE];

	printf("%s: %s\n", name, output_of(argv, output));
}

static void print_own(const char *name)
{
	char text[OUTPUT_SIZE];

	printf("%s: %s\n", name, custom_context(text));
}

static void child_task_parent(void)
{
	print_own("parent");
	print_child("child", "custom_context");
}

static void test_with_runcontext_child_task_propagation(void **state)
{
	const char *const options[] = { "--custom-context", "project=test-proj", "--custom-context",
					"entity=test-entity", NULL };

	(void)state;
	assert_task(options, "child_task_parent",
		    "parent: project=test-proj entity=test-entity\n"
		    "child: project=test-proj entity=test-entity");
}

static void levels_parent(void)
{
	print_own("parent");
	print_child("child", "levels_child");
}

static void levels_child(void)
{
	print_own("self");
	print_child("grandchild", "custom_context");
}

static void test_with_runcontext_multiple_levels(void **state)
{
	const char *const options[] = { "--custom-context", "project=test", "--custom-context",
					"region=us-west-2", NULL };

	(void)state;
	assert_task(options, "levels_parent",
		    "parent: project=test region=us-west-2\n"
		    "child: self: project=test region=us-west-2\n"
		    "grandchild: project=test region=us-west-2");
}

static void override_parent(void)
{
	print_child("without_override", "custom_context");
	FLYTE_CUSTOM_CONTEXT ("entity", "override-entity", "new_key", "new_value") {
		print_child("with_override", "custom_context");
	}
	print_child("after", "custom_context");
}

static void test_with_runcontext_and_context_manager(void **state)
{
	const char *const options[] = { "--custom-context", "project=base-project",
					"--custom-context", "entity=base-entity", NULL };

	(void)state;
	assert_task(options, "override_parent",
		    "without_override: project=base-project entity=base-entity\n"
		    "with_override: project=base-project entity=override-entity "
		    "new_key=new_value\n"
		    "after: project=base-project entity=base-entity");
}

static void test_with_runcontext_empty(void **state)
{
	const char *const options[] = { NULL };

	(void)state;
	assert_task(options, "custom_context", "");
}

/* Both children are there before either is waited for. */
static void parallel_parent(void)
{
	const char *const argv[] = { self(), "custom_context", NULL };
	char output[OUTPUT_SIZE];
	pid_t pids[2];
	int fds[2];

	for (int i = 0; i < 2; i++)
		fds[i] = start(argv, &pids[i]);
	for (int i = 0; i < 2; i++)
		printf("task%d: %s\n", i + 1, finish(fds[i], pids[i], output));
}

static void test_with_runcontext_parallel_tasks(void **state)
{
	const char *const options[] = { "--custom-context", "project=parallel-test",
					"--custom-context", "batch=123", NULL };

	(void)state;
	assert_task(options, "parallel_parent",
		    "task1: project=parallel-test batch=123\n"
		    "task2: project=parallel-test batch=123");
}

static void test_with_runcontext_isolation(void **state)
{
	const char *const first[] = { "--custom-context", "project=project1", NULL };
	const char *const second[] = { "--custom-context", "project=project2", "--custom-context",
				       "env=staging", NULL };
	const char *const third[] = { NULL };

	(void)state;
	assert_task(first, "custom_context", "project=project1");
	assert_task(second, "custom_context", "project=project2 env=staging");
	assert_task(third, "custom_context", "");
}

static int play(const char *name)
{
	static const struct {
		const char *name;
		void (*function)(void);
	} roles[] = {
		{ "child_task_parent", child_task_parent }, { "levels_parent", levels_parent },
		{ "levels_child", levels_child },           { "override_parent", override_parent },
		{ "parallel_parent", parallel_parent },
	};

	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		if (!strcmp(name, roles[i].name)) {
			roles[i].function();
			return 0;
		}
	return report(name);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_with_runcontext_basic),
		cmocka_unit_test(test_with_runcontext_child_task_propagation),
		cmocka_unit_test(test_with_runcontext_multiple_levels),
		cmocka_unit_test(test_with_runcontext_and_context_manager),
		cmocka_unit_test(test_with_runcontext_empty),
		cmocka_unit_test(test_with_runcontext_parallel_tasks),
		cmocka_unit_test(test_with_runcontext_isolation),
	};

	if (argc > 1)
		return play(argv[1]);
	return cmocka_run_group_tests_name("test_input_context_tasks", tests, be_outside, NULL);
}
