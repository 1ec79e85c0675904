/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls every function of flyte_ctx.h: `with` the preload all answer, `without` it they do the
 * no-context thing that the header documents (SPEC 1.8). C and C++; prints `right`, or what is not.
 * tests/release/test_build_modes builds it in every mode, and looks that no function is missing.
 */
#include "leave.h"

static bool with;

static bool is(const char *text, const char *expected)
{
	return text && expected ? !strcmp(text, expected) : text == expected;
}

/* -1 with this error. */
static bool fails(int result, int error)
{
	bool right = result == -1 && errno == error;

	errno = 0;
	return right;
}

static void reading(void)
{
	const struct flyte_task_context *context = flyte_ctx_get();

	expect_true(!context == !with);
	expect_true(!context || is(context->action.name, "a0"));
	expect_true(flyte_ctx_retain(context) == context);
	flyte_ctx_release(context);
	flyte_ctx_release(NULL);
	expect_true(is(flyte_custom_context_get("increment"), with ? "1" : NULL));
	expect_true(!flyte_context_is_in_cluster(context));
	expect_true(flyte_metadata() != NULL);
	expect_true(flyte_metadata()->count == 0);
}

/* Entered with the preload, FLYTE_TOKEN_NONE without; left in both. */
static void left(flyte_token token)
{
	expect_true(with ? token > FLYTE_TOKEN_NONE : token == FLYTE_TOKEN_NONE);
	expect_true(flyte_context_exit(token) == 0);
	expect_true(is(flyte_custom_context_get("increment"), with ? "1" : NULL));
}

static void scopes(void)
{
	struct flyte_task_context task;
	struct flyte_raw_data_path raw_data;
	struct flyte_action_id action;
	flyte_token token;

	memset(&task, 0, sizeof(task));
	memset(&raw_data, 0, sizeof(raw_data));
	memset(&action, 0, sizeof(action));
	task.size = sizeof(task);
	task.action.name = action.name = "t";
	raw_data.path = "s3://bucket";
	token = enter("increment", "2");
	expect_true(is(flyte_custom_context_get("increment"), with ? "2" : NULL));
	left(token);
	left(flyte_group_enter("g"));
	left(flyte_new_raw_data_path(&raw_data));
	left(flyte_new_metadata(NULL, 0));
	left(flyte_trace_enter(&action));
	left(flyte_replace_task_context(&task));
	expect_true(fails(flyte_context_exit(0), EINVAL));
	expect_true(flyte_context_exit(FLYTE_TOKEN_NONE) == 0);
}

static int run(void *argument)
{
	enter("increment", "3");
	expect_true(is(flyte_custom_context_get("increment"), with ? "3" : NULL));
	return *(int *)argument;
}

static void running(void)
{
	const struct flyte_task_context *mine = flyte_ctx_swap(NULL);
	int answer = 42;

	expect_true(!mine == !with);
	expect_true(!flyte_ctx_get());
	expect_true(!flyte_ctx_swap(mine));
	expect_true(flyte_contextual_run(run, &answer) == 42);
	expect_true(is(flyte_custom_context_get("increment"), with ? "1" : NULL));
	FLYTE_CUSTOM_CONTEXT ("increment", "4")
		expect_true(is(flyte_custom_context_get("increment"), with ? "4" : NULL));
}

static void providers(void)
{
	struct flyte_task_context task;
	const struct flyte_task_context *made;

	memset(&task, 0, sizeof(task));
	task.size = sizeof(task);
	task.action.name = "a9";
	errno = 0;
	made = flyte_ctx_new(&task);
	expect_true(with ? is(made->action.name, "a9") : !made && errno == ENOSYS);
	flyte_ctx_release(made);
	expect_true(!flyte_provider_enter());
	flyte_provider_leave(NULL);
	errno = 0;
	expect_true(with ? flyte_provider_set(NULL) == 0 : fails(flyte_provider_set(NULL), ENOSYS));
}

static void raw_data(void)
{
	char path[64] = "";

	errno = 0;
	expect_true(!flyte_raw_data() && errno == ENODATA);
	errno = 0;
	expect_true(fails(flyte_raw_data_random_path(NULL, path, sizeof(path)),
			  with ? ENODATA : ENOSYS));
	expect_true(flyte_path_rewrite("s3://a", path, sizeof(path)) == 6 && is(path, "s3://a"));
	expect_true(flyte_path_rewrite("s3://a", path, 4) == 6 && is(path, "s3:"));
	expect_true(flyte_path_rewrite("s3://a", NULL, 0) == 6);
	expect_true(fails(flyte_path_rewrite(NULL, path, sizeof(path)), EINVAL));
}

static void environment(void)
{
	int (*const numbers[])(void) = { flyte_rank,        flyte_local_rank,
					 flyte_world_size,  flyte_local_world_size,
					 flyte_node_rank,   flyte_nnodes,
					 flyte_master_port, flyte_restart_attempt };
	const char *const names[] = { "RANK",        "LOCAL_RANK",
				      "WORLD_SIZE",  "LOCAL_WORLD_SIZE",
				      "NODE_RANK",   "NNODES",
				      "MASTER_PORT", "JOBSET_RESTART_ATTEMPT" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		unsetenv(names[i]);
		expect_true(fails(numbers[i](), with ? ENODATA : ENOSYS));
		setenv(names[i], "12", 1);
		expect_true(with ? numbers[i]() == 12 : fails(numbers[i](), ENOSYS));
	}
	setenv("MASTER_ADDR", "here", 1);
	expect_true(is(flyte_master_addr(), with ? "here" : NULL));
	setenv("FLYTE_ATTEMPT_NUMBER", "5", 1);
	expect_true(with ? flyte_attempt_number() == 5 : fails(flyte_attempt_number(), ENOSYS));
}

static void actions(void)
{
	struct flyte_action_id action, sub;
	char name[FLYTE_ACTION_NAME_SIZE], id[64];

	memset(&action, 0, sizeof(action));
	action.name = "a0";
	action.run_name = "r";
	expect_true(flyte_action_new_sub_action(&action, "b", NULL, &sub) == 0 &&
		    is(sub.name, "b"));
	expect_true(with ? flyte_action_new_sub_action(&action, NULL, name, &sub) == 0
			 : fails(flyte_action_new_sub_action(&action, NULL, name, &sub), ENOSYS));
	if (with) {
		expect_true(flyte_action_new_sub_action_from(&action, 1, "th", "ih", "grp", name,
							     &sub) == 0);
		expect_true(is(sub.name, "8pbksvgyjs0bfvujcx1jkm69u"));
		expect_true(flyte_action_unique_id(&action, "s", id, sizeof(id)) == 16);
		expect_true(is(id, "None-None-r-a0-s"));
		return;
	}
	expect_true(
		fails(flyte_action_new_sub_action_from(&action, 1, "th", "ih", NULL, name, &sub),
		      ENOSYS));
	expect_true(fails(flyte_action_unique_id(&action, NULL, id, sizeof(id)), ENOSYS));
}

/* Neither a base for its folder is set, nor is any call counted: that is tests/unit/test_calls.c.
 */
static void sub_actions(void)
{
	struct flyte_action_id sub;
	char path[64];

	memset(&sub, 0, sizeof(sub));
	sub.name = "sub";
	expect_true(fails(flyte_sub_action_path(&sub, path, sizeof(path)), ENODATA));
	expect_true(fails(flyte_sub_action_path(NULL, path, sizeof(path)), EINVAL));
	left(flyte_sub_action_enter(&sub));
	expect_true(
		fails((int)flyte_action_call_sequence(NULL, "ih", NULL), with ? EINVAL : ENODATA));
}

/* No checkpoint path is set: what there is to find out is which library answers. */
static void checkpoints(void)
{
#ifdef __GLIBC__
	const bool has_library = with;
#else
	const bool has_library = false;
#endif
	const int error = has_library ? ENODATA : ENOSYS;
	char path[64];

	expect_true(flyte_checkpoint() == NULL && errno == error);
	expect_true(flyte_checkpoint_path() == NULL);
	expect_true(flyte_checkpoint_remote_source() == NULL);
	expect_true(flyte_checkpoint_remote_destination() == NULL);
	expect_true(!flyte_checkpoint_prev_exists());
	expect_true(fails(flyte_checkpoint_save_bytes("x", 1), error));
	expect_true(fails(flyte_checkpoint_save_path("x"), error));
	/* Without the preload it can't be told, and is no reason to start over. */
	expect_true(with ? flyte_checkpoint_load(path, sizeof(path)) == 0
			 : fails(flyte_checkpoint_load(path, sizeof(path)), ENOSYS));
	expect_true(flyte_checkpoint_save_bytes_async("x", 1) == NULL && errno == error);
	expect_true(flyte_checkpoint_save_path_async("x") == NULL && errno == error);
	expect_true(flyte_checkpoint_load_async() == NULL && errno == error);
	expect_true(*flyte_checkpoint_error() != '\0');
	expect_true(fails(flyte_fail("Code", "message", false), error));
	expect_true(fails(flyte_report_file("/nowhere"), has_library ? ENOENT : ENOSYS));
	if (has_library) {
		expect_true(flyte_latest_checkpoint("/nowhere", NULL, path, sizeof(path)) == 0);
		return;
	}
	expect_true(fails(flyte_latest_checkpoint("/nowhere", NULL, path, sizeof(path)), ENOSYS));
	expect_true(fails(flyte_checkpoint_job_fd(NULL), ENOSYS));
	flyte_checkpoint_job_cancel(NULL);
	expect_true(fails(flyte_checkpoint_job_finish(NULL, NULL, 0), ENOSYS));
}

int main(int argc, char **argv)
{
	with = argc > 1 && is(argv[1], "with");
	reading();
	scopes();
	running();
	providers();
	raw_data();
	environment();
	actions();
	sub_actions();
	checkpoints();
	puts(leave_failures ? "wrong" : "right");
	return leave_failures != 0;
}
