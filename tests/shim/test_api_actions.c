/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sub-actions of flyte_ctx.h: their names and paths, and the unique name of an action
 * (SPEC 1.6, 2.3).
 */
#include "api_test.h"

static void a_sub_action_has_another_name_alone(void **state)
{
	const struct flyte_action_id action = { "a0", "run", "p", "d", "o" };
	char buffer[FLYTE_ACTION_NAME_SIZE], other[FLYTE_ACTION_NAME_SIZE];
	struct flyte_action_id sub;

	(void)state;
	assert_int_equal(flyte_action_new_sub_action(&action, "b", NULL, &sub), 0);
	assert_string_equal(sub.name, "b");
	assert_string_equal(sub.run_name, "run");
	assert_string_equal(sub.org, "o");
	assert_int_equal(flyte_action_new_sub_action(&action, NULL, buffer, &sub), 0);
	assert_ptr_equal(sub.name, buffer);
	assert_int_equal(strlen(buffer), 36);
	assert_int_equal(buffer[14], '4');
	assert_non_null(strchr("89ab", buffer[19]));
	assert_int_equal(flyte_action_new_sub_action(&action, NULL, other, &sub), 0);
	assert_string_not_equal(buffer, other);
	assert_int_equal(flyte_action_new_sub_action(NULL, "b", NULL, &sub), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(flyte_action_new_sub_action(&action, NULL, NULL, &sub), -1);
	assert_int_equal(flyte_action_new_sub_action(&action, "b", NULL, NULL), -1);
}

/* The SDK's own vectors. */
static void names_of_sub_actions_are_the_sdks(void **state)
{
	static const struct {
		const char *task, *input, *group, *name;
	} rows[] = {
		{ "TH", "IH", NULL, "ape1kkafckt4ekjb0537lcq3u" },
		{ "th", "ih", NULL, "85hvno29yql9omdo61m0c0hjo" },
		{ "th", "ih", "", "85hvno29yql9omdo61m0c0hjo" },
		{ "th", "ih", "grp", "8pbksvgyjs0bfvujcx1jkm69u" },
	};
	const struct flyte_action_id *action = &flyte_ctx_get()->action;
	char buffer[FLYTE_ACTION_NAME_SIZE];
	struct flyte_action_id sub;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(flyte_action_new_sub_action_from(action, 1, rows[i].task,
								  rows[i].input, rows[i].group,
								  buffer, &sub),
				 0);
		assert_string_equal(sub.name, rows[i].name);
		assert_string_equal(sub.run_name, "a0");
	}
	errno = 0;
	assert_int_equal(
		flyte_action_new_sub_action_from(action, 1, NULL, "ih", NULL, buffer, &sub), -1);
	assert_int_equal(errno, EINVAL);
}

/* A task with these paths, made current. */
static flyte_token enter_paths(const char *run_base_dir, const char *output_path)
{
	struct flyte_task_context task = *flyte_ctx_get();
	flyte_token token;

	task.run_base_dir = run_base_dir;
	task.output_path = output_path;
	task.input_path = "inputs.pb";
	task.group = "group";
	task.in_trace = true;
	task.checkpoint_paths.checkpoint_path = "theirs";
	task.checkpoint_paths.prev_checkpoint_path = "before";
	token = flyte_replace_task_context(&task);
	assert_true(token > FLYTE_TOKEN_NONE);
	return token;
}

static void assert_text(const char *text, const char *expected)
{
	if (expected)
		assert_string_equal(text, expected);
	else
		assert_null(text);
}

/* Inside `s1` there are those paths; the action's own things are gone, all else is inherited. */
static void assert_sub_action(const char *output_path, const char *checkpoint_path)
{
	struct flyte_action_id sub;
	const struct flyte_task_context *task;
	flyte_token token;

	flyte_action_new_sub_action(&flyte_ctx_get()->action, "s1", NULL, &sub);
	token = flyte_sub_action_enter(&sub);
	assert_true(token > FLYTE_TOKEN_NONE);
	task = flyte_ctx_get();
	assert_string_equal(task->action.name, "s1");
	assert_string_equal(task->action.run_name, "a0");
	assert_string_equal(task->task_action.name, "a0");
	assert_text(task->output_path, output_path);
	assert_text(task->checkpoint_paths.checkpoint_path, checkpoint_path);
	assert_text(task->checkpoint_paths.prev_checkpoint_path, checkpoint_path);
	assert_null(task->input_path);
	assert_null(task->group);
	assert_false(task->in_trace);
	assert_string_equal(flyte_custom_context_get("increment"), "1");
	assert_int_equal(flyte_context_exit(token), 0);
	assert_string_equal(flyte_ctx_get()->group, "group");
	assert_string_equal(flyte_ctx_get()->checkpoint_paths.checkpoint_path, "theirs");
}

static void a_sub_action_has_paths_of_its_own(void **state)
{
	static const struct {
		const char *base, *output, *expected, *checkpoint;
	} rows[] = {
		{ "s3://b/run", "o", "s3://b/run/s1", "s3://b/run/s1/_flytecheckpoints" },
		{ "/run/", NULL, "/run/s1", "/run/s1/_flytecheckpoints" },
		{ NULL, "o", "o/s1", "o/s1/_flytecheckpoints" },
		{ "", "o", "o/s1", "o/s1/_flytecheckpoints" },
		{ NULL, "", NULL, NULL },
		{ NULL, NULL, NULL, NULL },
	};
	char path[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		flyte_token token = enter_paths(rows[i].base, rows[i].output);
		struct flyte_action_id sub = { .name = "s1" };

		assert_sub_action(rows[i].expected, rows[i].checkpoint);
		errno = 0;
		if (rows[i].expected) {
			assert_int_equal(flyte_sub_action_path(&sub, path, sizeof(path)),
					 strlen(rows[i].expected));
			assert_string_equal(path, rows[i].expected);
		} else {
			assert_int_equal(flyte_sub_action_path(&sub, path, sizeof(path)), -1);
			assert_int_equal(errno, ENODATA);
		}
		assert_int_equal(flyte_context_exit(token), 0);
	}
}

static void sub_actions_of_sub_actions_are_of_the_same_task(void **state)
{
	flyte_token token = enter_paths("/run", NULL);
	const struct flyte_action_id first = { .name = "s1", .run_name = "a0" };
	const struct flyte_action_id second = { .name = "s2", .run_name = "a0" };

	(void)state;
	assert_true(flyte_sub_action_enter(&first) > FLYTE_TOKEN_NONE);
	assert_true(flyte_sub_action_enter(&second) > FLYTE_TOKEN_NONE);
	assert_string_equal(flyte_ctx_get()->action.name, "s2");
	assert_string_equal(flyte_ctx_get()->task_action.name, "a0");
	assert_string_equal(flyte_ctx_get()->output_path, "/run/s2");
	assert_int_equal(flyte_context_exit(token), 0);
}

static void a_sub_action_path_is_cut_as_snprintf_cuts(void **state)
{
	static const char whole[] = "/run/name";
	flyte_token token = enter_paths("/run", NULL);
	const struct flyte_action_id sub = { .name = "name" };
	char path[sizeof(whole) + 2];

	(void)state;
	for (size_t size = 1; size < sizeof(path); size++) {
		memset(path, 'x', sizeof(path));
		assert_int_equal(flyte_sub_action_path(&sub, path, size), sizeof(whole) - 1);
		assert_int_equal(strlen(path), size < sizeof(whole) ? size - 1 : sizeof(whole) - 1);
		assert_memory_equal(path, whole, strlen(path));
		assert_int_equal(path[size], 'x');
	}
	assert_int_equal(flyte_sub_action_path(&sub, NULL, 0), sizeof(whole) - 1);
	assert_int_equal(flyte_context_exit(token), 0);
}

static void a_sub_action_that_makes_no_folder_is_refused(void **state)
{
	static const char *const names[] = { NULL, "", ".", "..", "a/b", "/a", "../a" };
	flyte_token token = enter_paths("/run", NULL);
	const struct flyte_task_context *before = flyte_ctx_get();
	static char long_name[5000];
	struct flyte_action_id sub = { .name = long_name };
	char path[16];

	(void)state;
	memset(long_name, 'n', sizeof(long_name) - 1);
	assert_int_equal(flyte_sub_action_enter(&sub), 0);
	assert_int_equal(errno, ENAMETOOLONG);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		sub.name = names[i];
		errno = 0;
		assert_int_equal(flyte_sub_action_enter(&sub), 0);
		assert_int_equal(errno, EINVAL);
		errno = 0;
		assert_int_equal(flyte_sub_action_path(&sub, path, sizeof(path)), -1);
		assert_int_equal(errno, EINVAL);
	}
	assert_int_equal(flyte_sub_action_enter(NULL), 0);
	assert_ptr_equal(flyte_ctx_get(), before);
	assert_int_equal(flyte_context_exit(token), 0);
}

static void a_unique_id_says_none_for_what_is_unset(void **state)
{
	const struct flyte_action_id whole = { "a1", "r", "p", "d", "o" };
	const struct flyte_action_id *ours = &flyte_ctx_get()->action;
	char id[64];

	(void)state;
	assert_int_equal(flyte_action_unique_id(&whole, NULL, id, sizeof(id)), 8);
	assert_string_equal(id, "p-d-r-a1");
	assert_int_equal(flyte_action_unique_id(&whole, "salt", id, sizeof(id)), 13);
	assert_string_equal(id, "p-d-r-a1-salt");
	assert_int_equal(flyte_action_unique_id(ours, NULL, id, sizeof(id)), 15);
	assert_string_equal(id, "None-None-a0-a0");
	assert_int_equal(flyte_action_unique_id(&whole, NULL, id, 4), 8);
	assert_string_equal(id, "p-d");
	assert_int_equal(flyte_action_unique_id(&whole, NULL, NULL, 0), 8);
	assert_int_equal(flyte_action_unique_id(NULL, NULL, id, sizeof(id)), -1);
	assert_int_equal(errno, EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sub_action_has_another_name_alone),
		cmocka_unit_test(names_of_sub_actions_are_the_sdks),
		cmocka_unit_test(a_sub_action_has_paths_of_its_own),
		cmocka_unit_test(sub_actions_of_sub_actions_are_of_the_same_task),
		cmocka_unit_test(a_sub_action_path_is_cut_as_snprintf_cuts),
		cmocka_unit_test(a_sub_action_that_makes_no_folder_is_refused),
		cmocka_unit_test(a_unique_id_says_none_for_what_is_unset),
	};

	return cmocka_run_group_tests_name("api_actions", tests, NULL, NULL);
}
