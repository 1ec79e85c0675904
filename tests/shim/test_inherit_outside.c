/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Raw data, metadata and tasks that are entered outside of a task reach children (SPEC 2.3, 3.1).
 */
#include "inherit_test.h"

static int say_raw_data(void)
{
	const struct flyte_raw_data_path *raw_data = flyte_raw_data();
	const struct flyte_pair_list *metadata = flyte_metadata();

	printf("%s %s %s->%s", flyte_ctx_get() ? "inside" : "outside",
	       raw_data ? raw_data->path : "-", raw_data ? raw_data->path_rewrite.old_prefix : "-",
	       raw_data ? raw_data->path_rewrite.new_prefix : "-");
	for (size_t i = 0; i < metadata->count; i++)
		printf(" %s=%s", metadata->items[i].key, metadata->items[i].value);
	return puts("") < 0;
}

static void *say_in_thread(void *text)
{
	again_says("say", text, 1024);
	return NULL;
}

/* No task is needed for these two, in a child either. */
static void raw_data_and_metadata_reach_children_outside_too(void **state)
{
	const char *expected = "outside raw-path old->new meta=data\n";
	flyte_token outer = enter_raw_data(), inner = enter_metadata();
	char text[1024];
	pthread_t thread;

	(void)state;
	again_says("say", text, sizeof(text));
	assert_string_equal(text, expected);
	assert_int_equal(pthread_create(&thread, NULL, say_in_thread, text), 0);
	pthread_join(thread, NULL);
	assert_string_equal(text, expected);
	assert_int_equal(flyte_context_exit(inner), 0);
	again_says("say", text, sizeof(text));
	assert_string_equal(text, "outside raw-path old->new\n");
	assert_int_equal(flyte_context_exit(outer), 0);
	again_says("say", text, sizeof(text));
	assert_string_equal(text, "outside - -->-\n");
}

static void a_task_entered_outside_reaches_children(void **state)
{
	flyte_token token = enter_task();

	(void)state;
	for (size_t starter = 0; starter < STARTERS; starter++)
		starts_have(starter, ".an-the-task.", true);
	assert_int_equal(flyte_context_exit(token), 0);
	for (size_t starter = 0; starter < STARTERS; starter++)
		starts_have(starter, "the-task", false);
}

static void raw_data_and_metadata_reach_children_inside(void **state)
{
	flyte_token outer = enter_raw_data(), inner = enter_metadata();
	char text[1024];

	(void)state;
	again_says("say", text, sizeof(text));
	assert_string_equal(text, "inside raw-path old->new meta=data\n");
	flyte_context_exit(inner);
	flyte_context_exit(outer);
}

static int outside_a_task(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raw_data_and_metadata_reach_children_outside_too),
		cmocka_unit_test(a_task_entered_outside_reaches_children),
	};

	return cmocka_run_group_tests_name("inherit outside a task", tests, NULL, NULL);
}

static int inside_a_task(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raw_data_and_metadata_reach_children_inside),
	};

	return cmocka_run_group_tests_name("inherit", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	int failed;

	if (argc == 2 && !strcmp(argv[1], "say"))
		return say_raw_data();
	if (argc == 2)
		return outside_a_task();
	failed = inside_a_task();
	return failed + again_in(NULL, "outside");
}
