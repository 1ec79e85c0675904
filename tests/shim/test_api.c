/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim/api.c, raw_data_api.c, properties.c: every function of flyte_ctx.h that test_scope.c leaves
 * out (SPEC 1, 2), inside a task and outside one.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "shim_again.h"

static const struct flyte_pair two[] = { { "first", "1" }, { "second", "2" } };

/* --- group --- */

static void a_group_is_shown_until_it_is_left(void **state)
{
	flyte_token outer, inner;

	(void)state;
	assert_null(flyte_ctx_get()->group);
	outer = flyte_group_enter("fan out");
	assert_true(outer > FLYTE_TOKEN_NONE);
	assert_string_equal(flyte_ctx_get()->group, "fan out");
	assert_string_equal(custom("increment"), "1");
	inner = flyte_group_enter("fan in");
	assert_string_equal(flyte_ctx_get()->group, "fan in");
	assert_int_equal(flyte_context_exit(inner), 0);
	assert_string_equal(flyte_ctx_get()->group, "fan out");
	assert_int_equal(flyte_context_exit(outer), 0);
	assert_null(flyte_ctx_get()->group);
}

static void group_is_refused(const char *name)
{
	flyte_token token;

	errno = 0;
	token = flyte_group_enter(name);
	if (token)
		flyte_context_exit(token);
	assert_int_equal(token, 0);
	assert_int_equal(errno, EINVAL);
}

/* flyte_ctx.h: EINVAL for a name or key that is NULL or empty. */
static void a_group_needs_a_name(void **state)
{
	const struct flyte_task_context *before = flyte_ctx_get();

	(void)state;
	group_is_refused(NULL);
	group_is_refused("");
	assert_ptr_equal(flyte_ctx_get(), before);
}

/* --- trace and task --- */

static void a_trace_replaces_the_action_alone(void **state)
{
	const struct flyte_action_id action = { .name = "trace-1", .org = "acme" };
	flyte_token token = flyte_trace_enter(&action), inner;
	const struct flyte_task_context *context = flyte_ctx_get();

	(void)state;
	assert_true(token > FLYTE_TOKEN_NONE);
	assert_true(context->in_trace);
	assert_string_equal(context->action.name, "trace-1");
	assert_string_equal(context->action.run_name, "trace-1");
	assert_string_equal(context->action.org, "acme");
	assert_string_equal(context->task_action.name, "a0");
	assert_null(context->task_action.org);
	assert_string_equal(custom("increment"), "1");
	inner = enter("inside", "trace");
	assert_true(flyte_ctx_get()->in_trace);
	assert_string_equal(flyte_ctx_get()->task_action.name, "a0");
	flyte_context_exit(inner);
	assert_int_equal(flyte_context_exit(token), 0);
	assert_false(flyte_ctx_get()->in_trace);
	assert_string_equal(flyte_ctx_get()->action.name, "a0");
}

static void a_trace_needs_an_action(void **state)
{
	struct flyte_action_id action = { .run_name = "r" };

	(void)state;
	assert_int_equal(flyte_trace_enter(NULL), 0);
	assert_int_equal(errno, EINVAL);
	errno = 0;
	assert_int_equal(flyte_trace_enter(&action), 0);
	assert_int_equal(errno, EINVAL);
	errno = 0;
	action.name = "";
	assert_int_equal(flyte_trace_enter(&action), 0);
	assert_int_equal(errno, EINVAL);
}

/* A caller with an older header has a smaller struct; what is behind it is not looked at. */
static void a_task_of_an_older_header_is_taken_as_far_as_it_goes(void **state)
{
	struct flyte_task_context mine = { .size = offsetof(struct flyte_task_context, version) };
	flyte_token token;

	(void)state;
	mine.action.name = "old";
	mine.version = (const char *)8;
	mine.mode = (enum flyte_mode)99;
	mine.custom_context.count = SIZE_MAX;
	token = flyte_replace_task_context(&mine);
	assert_true(token > FLYTE_TOKEN_NONE);
	assert_string_equal(flyte_ctx_get()->action.name, "old");
	assert_null(flyte_ctx_get()->version);
	assert_int_equal(flyte_ctx_get()->size, sizeof(mine));
	assert_int_equal(flyte_ctx_get()->mode, FLYTE_MODE_UNSET);
	assert_int_equal(flyte_context_exit(token), 0);
}

static void a_task_of_a_newer_header_is_taken_as_far_as_we_know(void **state)
{
	struct {
		struct flyte_task_context known;
		const char *added;
	} newer = { .known.size = sizeof(newer), .known.action.name = "new" };
	flyte_token token;

	(void)state;
	newer.added = (const char *)8;
	token = flyte_replace_task_context(&newer.known);
	assert_true(token > FLYTE_TOKEN_NONE);
	assert_int_equal(flyte_ctx_get()->size, sizeof(newer.known));
	assert_string_equal(flyte_ctx_get()->action.name, "new");
	assert_int_equal(flyte_context_exit(token), 0);
}

static void a_task_that_makes_no_sense_is_refused(void **state)
{
	struct flyte_pair bad = { "", "v" };
	struct flyte_task_context mine = { .action.name = "a" };

	(void)state;
	assert_int_equal(flyte_replace_task_context(&mine), 0); /* no size */
	mine.size = sizeof(mine);
	mine.mode = (enum flyte_mode)4;
	assert_int_equal(flyte_replace_task_context(&mine), 0);
	mine.mode = FLYTE_MODE_LOCAL;
	mine.custom_context.count = 1;
	assert_int_equal(flyte_replace_task_context(&mine), 0); /* no items */
	mine.custom_context.items = &bad;
	errno = 0;
	assert_int_equal(flyte_replace_task_context(&mine), 0);
	assert_int_equal(errno, EINVAL);
	assert_string_equal(flyte_ctx_get()->action.name, "a0");
}

static void in_cluster_is_the_remote_mode(void **state)
{
	struct flyte_task_context context = { .mode = FLYTE_MODE_REMOTE };

	(void)state;
	assert_true(flyte_context_is_in_cluster(&context));
	context.mode = FLYTE_MODE_HYBRID;
	assert_false(flyte_context_is_in_cluster(&context));
	assert_false(flyte_context_is_in_cluster(NULL));
}

/* --- metadata --- */

/* It replaces whole, and custom scopes inside leave it alone; inside a task and outside. */
static void metadata_replaces_whole(void **state)
{
	const struct flyte_pair one = { "third", "3" };
	flyte_token outer, inner, custom_scope;

	(void)state;
	assert_int_equal(flyte_metadata()->count, 0);
	outer = flyte_new_metadata(two, 2);
	assert_true(outer > FLYTE_TOKEN_NONE);
	assert_int_equal(flyte_metadata()->count, 2);
	assert_string_equal(flyte_metadata()->items[0].key, "first");
	assert_string_equal(flyte_metadata()->items[1].value, "2");
	inner = flyte_new_metadata(&one, 1);
	assert_int_equal(flyte_metadata()->count, 1);
	assert_string_equal(flyte_metadata()->items[0].key, "third");
	custom_scope = enter("inside", "metadata");
	assert_string_equal(flyte_metadata()->items[0].value, "3");
	flyte_context_exit(custom_scope);
	assert_int_equal(flyte_context_exit(inner), 0);
	inner = flyte_new_metadata(NULL, 0);
	assert_true(inner > FLYTE_TOKEN_NONE);
	assert_int_equal(flyte_metadata()->count, 0);
	assert_int_equal(flyte_context_exit(inner), 0);
	assert_int_equal(flyte_metadata()->count, 2);
	assert_int_equal(flyte_context_exit(outer), 0);
	assert_int_equal(flyte_metadata()->count, 0);
}

static void metadata_and_custom_context_are_two(void **state)
{
	flyte_token token = flyte_new_metadata(two, 2);

	(void)state;
	assert_null(flyte_custom_context_get("first"));
	assert_int_equal(flyte_ctx_get()->custom_context.count, 1);
	flyte_context_exit(token);
}

static void bad_metadata_is_refused(void **state)
{
	struct flyte_pair pair = { NULL, "v" };

	(void)state;
	assert_int_equal(flyte_new_metadata(NULL, 1), 0);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(flyte_new_metadata(&pair, 1), 0);
	pair.key = "";
	assert_int_equal(flyte_new_metadata(&pair, 1), 0);
	pair = (struct flyte_pair) { "k", NULL };
	errno = 0;
	assert_int_equal(flyte_new_metadata(&pair, 1), 0);
	assert_int_equal(errno, EINVAL);
}

/* --- raw data --- */

static flyte_token enter_raw_data(const char *path)
{
	struct flyte_raw_data_path raw_data = { .path = path };

	return flyte_new_raw_data_path(&raw_data);
}

/* A task with a raw data path of its own. */
static flyte_token enter_task_with(const char *path)
{
	struct flyte_task_context task = { .size = sizeof(task), .action.name = "with" };

	task.raw_data_path.path = path;
	return flyte_replace_task_context(&task);
}

static void no_raw_data_is_enodata(void **state)
{
	char path[64];

	(void)state;
	errno = 0;
	assert_null(flyte_raw_data());
	assert_int_equal(errno, ENODATA);
	errno = 0;
	assert_int_equal(flyte_raw_data_random_path(NULL, path, sizeof(path)), -1);
	assert_int_equal(errno, ENODATA);
}

static void the_contexts_raw_data_is_for_tasks_without(void **state)
{
	flyte_token outer = enter_raw_data("s3://context"), task;

	(void)state;
	assert_true(outer > FLYTE_TOKEN_NONE);
	assert_string_equal(flyte_raw_data()->path, "s3://context");
	task = enter_task_with(NULL);
	assert_string_equal(flyte_raw_data()->path, "s3://context");
	flyte_context_exit(task);
	task = enter_task_with("s3://task");
	assert_string_equal(flyte_raw_data()->path, "s3://task");
	flyte_context_exit(task);
	assert_int_equal(flyte_context_exit(outer), 0);
}

static void the_tasks_raw_data_wins_also_over_a_later_one(void **state)
{
	flyte_token task = enter_task_with("s3://task"), inner = enter_raw_data("s3://later");

	(void)state;
	assert_string_equal(flyte_raw_data()->path, "s3://task");
	flyte_context_exit(inner);
	flyte_context_exit(task);
}

static void an_empty_raw_data_path_counts(void **state)
{
	flyte_token outer = enter_raw_data("s3://context"), task = enter_task_with("");

	(void)state;
	assert_string_equal(flyte_raw_data()->path, "");
	flyte_context_exit(task);
	flyte_context_exit(outer);
	outer = enter_raw_data("");
	assert_true(outer > FLYTE_TOKEN_NONE);
	assert_string_equal(flyte_raw_data()->path, "");
	flyte_context_exit(outer);
}

static void raw_data_without_a_path_is_refused(void **state)
{
	const struct flyte_raw_data_path raw_data = { NULL, { "a", "b" } };

	(void)state;
	errno = 0;
	assert_int_equal(flyte_new_raw_data_path(NULL), 0);
	assert_int_equal(errno, EINVAL);
	errno = 0;
	assert_int_equal(flyte_new_raw_data_path(&raw_data), 0);
	assert_int_equal(errno, EINVAL);
}

/* Both prefixes are set and differ, or neither is there. */
static void a_rewrite_that_makes_no_sense_is_refused(void **state)
{
	static const char *const rewrites[][2] = {
		{ "old", NULL }, { NULL, "new" }, { "old", "" }, { "", "new" }, { "same", "same" },
	};
	const struct flyte_task_context *before = flyte_ctx_get();

	(void)state;
	for (size_t i = 0; i < sizeof(rewrites) / sizeof(*rewrites); i++) {
		struct flyte_raw_data_path raw_data = { .path = "s3://x" };

		raw_data.path_rewrite.old_prefix = rewrites[i][0];
		raw_data.path_rewrite.new_prefix = rewrites[i][1];
		errno = 0;
		assert_int_equal(flyte_new_raw_data_path(&raw_data), 0);
		assert_int_equal(errno, EINVAL);
	}
	assert_ptr_equal(flyte_ctx_get(), before);
}

static void paths_are_rewritten_where_they_start_so(void **state)
{
	struct flyte_raw_data_path raw_data = { "s3://x", { "s3://old/", "/mnt/new/longer/" } };
	flyte_token token = flyte_new_raw_data_path(&raw_data);
	char path[64];

	(void)state;
	assert_int_equal(flyte_path_rewrite("s3://old/a/s3://old/", path, sizeof(path)), 27);
	assert_string_equal(path, "/mnt/new/longer/a/s3://old/");
	assert_int_equal(flyte_path_rewrite("xs3://old/a", path, sizeof(path)), 11);
	assert_string_equal(path, "xs3://old/a");
	assert_int_equal(flyte_path_rewrite("", path, sizeof(path)), 0);
	assert_string_equal(path, "");
	assert_int_equal(flyte_path_rewrite("s3://old/a", path, 6), 17);
	assert_string_equal(path, "/mnt/");
	assert_int_equal(flyte_path_rewrite("s3://old/a", NULL, 0), 17);
	assert_int_equal(flyte_path_rewrite("s3://old/a", NULL, 1), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(flyte_path_rewrite(NULL, path, sizeof(path)), -1);
	flyte_context_exit(token);
	assert_int_equal(flyte_path_rewrite("s3://old/a", path, sizeof(path)), 10);
	assert_string_equal(path, "s3://old/a");
}

/* --- random paths --- */

static char folder[PATH_MAX - 256];

static int make_folder(void **state)
{
	char name[] = "/tmp/flytectx-api-XXXXXX";

	(void)state;
	return mkdtemp(name) && realpath(name, folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[PATH_MAX];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return chdir("/") || system(command);
}

static bool is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Is `path` PREFIX/32 hex digits, with `rest` behind? */
static void check_random_path(const char *path, const char *prefix, const char *rest)
{
	size_t length = strlen(prefix);

	assert_int_equal(strncmp(path, prefix, length), 0);
	path += length;
	assert_int_equal(*path++, '/');
	assert_int_equal(strspn(path, "0123456789abcdef"), 32);
	assert_string_equal(path + 32, rest);
}

static void random_path(const char *prefix, const char *file, char *path)
{
	flyte_token token = enter_raw_data(prefix);
	int length = flyte_raw_data_random_path(file, path, PATH_MAX);

	assert_int_equal(length, strlen(path));
	flyte_context_exit(token);
}

static void a_local_path_is_made(void **state)
{
	char prefix[PATH_MAX], path[PATH_MAX], other[PATH_MAX];

	(void)state;
	snprintf(prefix, sizeof(prefix), "%s/deep/er", folder);
	random_path(prefix, NULL, path);
	check_random_path(path, prefix, "");
	assert_true(is_directory(prefix));
	assert_int_equal(access(path, F_OK), -1); /* it is for a file or a directory */
	random_path(prefix, "part.bin", path);
	check_random_path(path, prefix, "/part.bin");
	close(creat(path, 0600));
	assert_int_equal(access(path, F_OK), 0);
	random_path(prefix, "sub/part.bin", other);
	check_random_path(other, prefix, "/sub/part.bin");
	close(creat(other, 0600));
	assert_int_equal(access(other, F_OK), 0);
}

static void a_slash_is_not_doubled(void **state)
{
	char prefix[PATH_MAX], path[PATH_MAX];

	(void)state;
	snprintf(prefix, sizeof(prefix), "%s/slash/", folder);
	random_path(prefix, NULL, path);
	assert_null(strstr(path, "//"));
	random_path("s3://bucket/x/", "f", path);
	check_random_path(path, "s3://bucket/x", "/f");
}

static void two_random_paths_differ(void **state)
{
	char one[PATH_MAX], other[PATH_MAX];

	(void)state;
	random_path("s3://bucket", NULL, one);
	random_path("s3://bucket", NULL, other);
	assert_string_not_equal(one, other);
}

static void a_relative_prefix_becomes_absolute(void **state)
{
	char expected[PATH_MAX], path[PATH_MAX];

	(void)state;
	assert_int_equal(chdir(folder), 0);
	random_path("relative/here", "f", path);
	snprintf(expected, sizeof(expected), "%s/relative/here", folder);
	check_random_path(path, expected, "/f");
	assert_true(is_directory(expected));
	random_path("", "f", path);
	check_random_path(path, folder, "/f");
}

static void a_relative_prefix_in_the_root_directory(void **state)
{
	char path[PATH_MAX];

	(void)state;
	assert_int_equal(chdir("/"), 0);
	random_path(folder + 1, "f", path);
	check_random_path(path, folder, "/f");
}

static void a_file_url_is_a_local_path(void **state)
{
	char url[PATH_MAX], path[PATH_MAX];

	(void)state;
	snprintf(url, sizeof(url), "file://%s/url", folder);
	random_path(url, "f", path);
	check_random_path(path, url + 7, "/f");
	assert_true(is_directory(url + 7));
}

static void nothing_is_made_for_an_object_store(void **state)
{
	char path[PATH_MAX];

	(void)state;
	assert_int_equal(chdir(folder), 0);
	random_path("s3://bucket/x", "f", path);
	check_random_path(path, "s3://bucket/x", "/f");
	random_path("gs://bucket", NULL, path);
	random_path("abfs://box@account/x", NULL, path);
	assert_int_equal(access("s3:", F_OK), -1);
	assert_int_equal(access("gs:", F_OK), -1);
	assert_int_equal(access("abfs:", F_OK), -1);
}

/* One byte of room too few is ERANGE, and the right number is enough. */
static void check_range(const char *prefix, const char *file, size_t length)
{
	flyte_token token = enter_raw_data(prefix);
	char path[PATH_MAX];

	for (size_t size = 1; size <= length; size++) {
		memset(path, '#', sizeof(path));
		errno = 0;
		assert_int_equal(flyte_raw_data_random_path(file, path, size), -1);
		assert_int_equal(errno, ERANGE);
		assert_int_equal(path[size], '#');
	}
	assert_int_equal(flyte_raw_data_random_path(file, path, length + 1), length);
	assert_int_equal(strlen(path), length);
	flyte_context_exit(token);
}

static void too_little_room_is_erange(void **state)
{
	(void)state;
	check_range("s3://bucket", "f", strlen("s3://bucket/") + 32 + 2);
	check_range(folder, "f", strlen(folder) + 1 + 32 + 2);
	assert_int_equal(chdir(folder), 0);
	check_range("r", NULL, strlen(folder) + 2 + 1 + 32);
}

static void a_random_path_needs_room(void **state)
{
	flyte_token token = enter_raw_data("s3://bucket");
	char path[8];

	(void)state;
	assert_int_equal(flyte_raw_data_random_path(NULL, NULL, 100), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(flyte_raw_data_random_path(NULL, path, 0), -1);
	flyte_context_exit(token);
}

static void fails(const char *prefix, const char *file, int error)
{
	flyte_token token = enter_raw_data(prefix);
	char path[PATH_MAX];

	errno = 0;
	assert_int_equal(flyte_raw_data_random_path(file, path, sizeof(path)), -1);
	assert_int_equal(errno, error);
	flyte_context_exit(token);
}

/* Where no directory can be made that is what is said, and not a path that nobody can use. */
static void directories_that_cant_be_made(void **state)
{
	char file[PATH_MAX];

	(void)state;
	snprintf(file, sizeof(file), "%s/a-file", folder);
	close(creat(file, 0600));
	fails(file, "f", ENOTDIR);
	strcat(file, "/below");
	fails(file, NULL, ENOTDIR);
	fails("/proc/nothing/here", NULL, ENOENT);
}

static void a_prefix_that_is_a_file_is_none(void **state)
{
	char file[PATH_MAX];

	(void)state;
	snprintf(file, sizeof(file), "%s/a-file", folder);
	close(creat(file, 0600));
	fails(file, NULL, ENOTDIR);
}

static int try_as_nobody(void)
{
	flyte_token token = enter_raw_data("/etc/flytectx-test");
	char path[PATH_MAX];
	int result;

	if (geteuid() == 0 && setuid(65534) != 0)
		return 1;
	errno = 0;
	result = flyte_raw_data_random_path("f", path, sizeof(path));
	flyte_context_exit(token);
	return result == -1 && (errno == EACCES || errno == EROFS) ? 0 : 2;
}

static void a_directory_that_may_not_be_made(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(try_as_nobody());
	assert_int_equal(wait_for(pid), 0);
}

/* --- the environment --- */

static void the_attempt_is_read_at_each_call(void **state)
{
	static const char *const not_numbers[] = { "x", "-1", "1x", "1.5", "4294967296", " ", "+" };

	(void)state;
	unsetenv("FLYTE_ATTEMPT_NUMBER");
	assert_int_equal(flyte_attempt_number(), 0);
	setenv("FLYTE_ATTEMPT_NUMBER", "3", 1);
	assert_int_equal(flyte_attempt_number(), 3);
	setenv("FLYTE_ATTEMPT_NUMBER", "2147483647", 1);
	assert_int_equal(flyte_attempt_number(), 2147483647);
	for (size_t i = 0; i < sizeof(not_numbers) / sizeof(*not_numbers); i++) {
		setenv("FLYTE_ATTEMPT_NUMBER", not_numbers[i], 1);
		errno = 0;
		assert_int_equal(flyte_attempt_number(), -1);
		assert_int_equal(errno, EINVAL);
	}
	unsetenv("FLYTE_ATTEMPT_NUMBER");
	assert_int_equal(flyte_attempt_number(), 0);
}

/* In a process of its own: the carrier brought 2, the variable says 5. */
static int say_attempts(void)
{
	flyte_token token;

	if (setenv("FLYTE_ATTEMPT_NUMBER", "5", 1) || flyte_attempt_number() != 5)
		return 1;
	clearenv();
	if (flyte_attempt_number() != 2)
		return 2;
	token = enter("inside", "scope");
	if (flyte_attempt_number() != 2)
		return 3;
	flyte_context_exit(token);
	token = flyte_group_enter("group");
	return flyte_attempt_number() == 2 && !flyte_context_exit(token) ? 0 : 4;
}

static void the_carriers_attempt_counts_when_the_environment_is_cleared(void **state)
{
	(void)state;
	assert_int_equal(again_in("FLYTE_CTX=1.10.an-a0.a-2.", "attempts"), 0);
}

static void a_number(const char *name, int (*get)(void))
{
	unsetenv(name);
	errno = 0;
	assert_int_equal(get(), -1);
	assert_int_equal(errno, ENODATA);
	setenv(name, "17", 1);
	assert_int_equal(get(), 17);
	setenv(name, "0", 1);
	assert_int_equal(get(), 0);
	setenv(name, "many", 1);
	errno = 0;
	assert_int_equal(get(), -1);
	assert_int_equal(errno, EINVAL);
	unsetenv(name);
}

static void the_place_in_a_distributed_job(void **state)
{
	(void)state;
	a_number("RANK", flyte_rank);
	a_number("LOCAL_RANK", flyte_local_rank);
	a_number("WORLD_SIZE", flyte_world_size);
	a_number("LOCAL_WORLD_SIZE", flyte_local_world_size);
	a_number("NODE_RANK", flyte_node_rank);
	a_number("NNODES", flyte_nnodes);
	a_number("MASTER_PORT", flyte_master_port);
	a_number("JOBSET_RESTART_ATTEMPT", flyte_restart_attempt);
	unsetenv("MASTER_ADDR");
	assert_null(flyte_master_addr());
	setenv("MASTER_ADDR", "worker-0.svc", 1);
	assert_string_equal(flyte_master_addr(), "worker-0.svc");
	unsetenv("MASTER_ADDR");
}

/* --- actions --- */

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

/* --- references --- */

static void *read_and_release(void *held)
{
	const struct flyte_task_context *context = held;
	bool right = !strcmp(context->custom_context.items[1].value, "held");

	flyte_ctx_release(context);
	return right ? held : NULL;
}

static void a_retained_context_outlives_its_scope(void **state)
{
	flyte_token token = enter("kept", "held");
	const struct flyte_task_context *held = flyte_ctx_retain(flyte_ctx_get());

	(void)state;
	assert_ptr_equal(held, flyte_ctx_get());
	assert_int_equal(flyte_context_exit(token), 0);
	for (int i = 0; i < 100; i++) /* would use its memory again */
		flyte_context_exit(enter("other", "scope"));
	assert_string_equal(held->custom_context.items[1].value, "held");
	assert_string_equal(held->custom_context.items[0].key, "increment");
	flyte_ctx_release(held);
	assert_null(flyte_ctx_retain(NULL));
	flyte_ctx_release(NULL);
	assert_ptr_equal(flyte_ctx_retain(flyte_ctx_get()), flyte_ctx_get()); /* the root */
	flyte_ctx_release(flyte_ctx_get());
}

static void a_retained_context_may_be_released_on_another_thread(void **state)
{
	flyte_token outer = enter("outer", "x"), token;
	const struct flyte_task_context *held;
	pthread_t thread;
	void *result;

	(void)state;
	flyte_context_exit(outer);
	token = enter("kept", "held");
	held = flyte_ctx_retain(flyte_ctx_get());
	assert_int_equal(flyte_context_exit(token), 0);
	assert_int_equal(pthread_create(&thread, NULL, read_and_release, (void *)(uintptr_t)held),
			 0);
	pthread_join(thread, &result);
	assert_ptr_equal(result, held);
}

/* --- swap --- */

/* A fiber's context, as its scheduler keeps it. */
static const struct flyte_task_context *new_fiber(const char *name)
{
	flyte_token token = enter("fiber", name);
	const struct flyte_task_context *context = flyte_ctx_retain(flyte_ctx_get());

	flyte_context_exit(token);
	return context;
}

static void two_fibers_take_turns(void **state)
{
	const struct flyte_task_context *mine, *fibers[2] = { new_fiber("A"), new_fiber("B") };
	static const char *const names[] = { "A", "B" };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		mine = flyte_ctx_swap(fibers[i % 2]);
		assert_ptr_equal(flyte_ctx_get(), fibers[i % 2]);
		assert_string_equal(custom("fiber"), names[i % 2]);
		fibers[i % 2] = flyte_ctx_swap(mine);
		assert_string_equal(custom("fiber"), "-");
	}
	assert_string_equal(custom("increment"), "1");
	flyte_ctx_release(fibers[0]);
	flyte_ctx_release(fibers[1]);
}

/* A fiber that enters scopes keeps them over a switch, and its token is good when it is back. */
static void a_fibers_scopes_stay_its_own(void **state)
{
	const struct flyte_task_context *fiber = new_fiber("A"), *mine;
	flyte_token token;

	(void)state;
	mine = flyte_ctx_swap(fiber);
	token = enter("inside", "A");
	fiber = flyte_ctx_swap(mine);
	assert_string_equal(custom("inside"), "-");
	errno = 0;
	assert_int_equal(flyte_context_exit(token), -1);
	assert_int_equal(errno, EINVAL);
	mine = flyte_ctx_swap(fiber);
	assert_string_equal(custom("inside"), "A");
	assert_string_equal(custom("fiber"), "A");
	assert_int_equal(flyte_context_exit(token), 0);
	assert_string_equal(custom("fiber"), "A");
	flyte_ctx_release(flyte_ctx_swap(mine));
	assert_string_equal(custom("fiber"), "-");
}

static void swapping_null_is_outside_of_tasks(void **state)
{
	const struct flyte_task_context *mine = flyte_ctx_swap(NULL);

	(void)state;
	assert_string_equal(mine->action.name, "a0");
	assert_null(flyte_ctx_get());
	assert_string_equal(custom("increment"), "-");
	assert_int_equal(enter("a", "1"), FLYTE_TOKEN_NONE);
	assert_int_equal(flyte_group_enter("g"), FLYTE_TOKEN_NONE);
	assert_null(flyte_ctx_swap(mine));
	assert_string_equal(custom("increment"), "1");
}

static void *run_fiber(void *held)
{
	const struct flyte_task_context *mine = flyte_ctx_swap(held);
	bool right = !strcmp(custom("fiber"), "moved");

	flyte_ctx_release(flyte_ctx_swap(mine));
	return right ? held : NULL;
}

static void a_fiber_may_move_to_another_thread(void **state)
{
	const struct flyte_task_context *fiber = new_fiber("moved");
	pthread_t thread;
	void *result;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, run_fiber, (void *)(uintptr_t)fiber), 0);
	pthread_join(thread, &result);
	assert_ptr_equal(result, fiber);
}

/* --- contextual_run --- */

static int leave_scopes(void *depth)
{
	int *left = depth;

	enter("left", "entered");
	flyte_group_enter("left");
	if ((*left)-- > 0)
		return flyte_contextual_run(leave_scopes, depth) + 1;
	return 40;
}

static void what_a_run_leaves_entered_is_undone(void **state)
{
	const struct flyte_task_context *before = flyte_ctx_get();
	int depth = 0;

	(void)state;
	assert_int_equal(flyte_contextual_run(leave_scopes, &depth), 40);
	assert_ptr_equal(flyte_ctx_get(), before);
	depth = 2;
	assert_int_equal(flyte_contextual_run(leave_scopes, &depth), 42);
	assert_ptr_equal(flyte_ctx_get(), before);
	assert_null(flyte_ctx_get()->group);
}

static int exit_callers(void *token)
{
	int result = flyte_context_exit(*(flyte_token *)token);

	return result == 0 && !strcmp(custom("callers"), "-") ? 7 : 8;
}

static void a_run_may_exit_its_callers_scope_for_itself(void **state)
{
	flyte_token token = enter("callers", "own");

	(void)state;
	assert_int_equal(flyte_contextual_run(exit_callers, &token), 7);
	assert_string_equal(custom("callers"), "own");
	assert_int_equal(flyte_context_exit(token), 0);
	assert_string_equal(custom("callers"), "-");
	assert_int_equal(flyte_context_exit(token), -1);
}

static int see_the_copy(void *unused)
{
	(void)unused;
	return strcmp(custom("callers"), "seen");
}

static void a_run_starts_with_a_copy(void **state)
{
	flyte_token token = enter("callers", "seen");

	(void)state;
	assert_int_equal(flyte_contextual_run(see_the_copy, NULL), 0);
	assert_int_equal(flyte_context_exit(token), 0);
}

/* --- outside a task --- */

static void there_is_no_context_outside(void **state)
{
	(void)state;
	assert_null(flyte_ctx_get());
	assert_null(flyte_custom_context_get("increment"));
	assert_null(flyte_ctx_retain(NULL));
	assert_null(flyte_ctx_swap(NULL));
	assert_int_equal(flyte_attempt_number(), 0);
}

static void entering_outside_is_a_no_op_where_it_needs_a_task(void **state)
{
	const struct flyte_action_id action = { .name = "t" };

	(void)state;
	assert_int_equal(enter("a", "1"), FLYTE_TOKEN_NONE);
	assert_int_equal(flyte_group_enter("g"), FLYTE_TOKEN_NONE);
	assert_int_equal(flyte_trace_enter(&action), FLYTE_TOKEN_NONE);
	assert_int_equal(flyte_context_exit(FLYTE_TOKEN_NONE), 0);
	assert_null(flyte_ctx_get());
	errno = 0;
	assert_int_equal(flyte_context_exit(99), -1);
	assert_int_equal(errno, EINVAL);
}

static void raw_data_outside_is_the_contexts(void **state)
{
	flyte_token token = enter_raw_data("s3://outside");
	char path[PATH_MAX];

	(void)state;
	assert_true(token > FLYTE_TOKEN_NONE);
	assert_null(flyte_ctx_get());
	assert_string_equal(flyte_raw_data()->path, "s3://outside");
	assert_int_equal(flyte_raw_data_random_path("f", path, sizeof(path)), 12 + 1 + 32 + 2);
	check_random_path(path, "s3://outside", "/f");
	assert_int_equal(flyte_context_exit(token), 0);
	assert_null(flyte_raw_data());
}

/* Both at once, and one after the other: neither takes the other away. */
static void raw_data_and_metadata_outside_keep_each_other(void **state)
{
	flyte_token raw_data = enter_raw_data("s3://outside"),
		    metadata = flyte_new_metadata(two, 2);

	(void)state;
	assert_string_equal(flyte_raw_data()->path, "s3://outside");
	assert_int_equal(flyte_metadata()->count, 2);
	assert_int_equal(flyte_context_exit(metadata), 0);
	assert_int_equal(flyte_metadata()->count, 0);
	assert_string_equal(flyte_raw_data()->path, "s3://outside");
	assert_int_equal(flyte_context_exit(raw_data), 0);
}

static int become_a_task(void *unused)
{
	struct flyte_task_context task = { .size = sizeof(task), .action.name = "made" };

	(void)unused;
	if (flyte_replace_task_context(&task) <= FLYTE_TOKEN_NONE || !flyte_ctx_get())
		return 1;
	return enter("a", "1") > FLYTE_TOKEN_NONE && !strcmp(custom("a"), "1") ? 0 : 2;
}

static void a_run_outside_may_become_a_task(void **state)
{
	(void)state;
	assert_int_equal(flyte_contextual_run(become_a_task, NULL), 0);
	assert_null(flyte_ctx_get());
	assert_int_equal(enter("a", "1"), FLYTE_TOKEN_NONE);
}

static void a_task_may_be_entered_and_left_outside(void **state)
{
	flyte_token raw_data = enter_raw_data("s3://outside"), task = enter_task_with(NULL);

	(void)state;
	assert_true(task > FLYTE_TOKEN_NONE);
	assert_string_equal(flyte_ctx_get()->action.name, "with");
	assert_string_equal(flyte_raw_data()->path, "s3://outside");
	assert_int_equal(flyte_context_exit(task), 0);
	assert_null(flyte_ctx_get());
	assert_int_equal(flyte_context_exit(raw_data), 0);
}

static int outside_a_task(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_is_no_context_outside),
		cmocka_unit_test(entering_outside_is_a_no_op_where_it_needs_a_task),
		cmocka_unit_test(no_raw_data_is_enodata),
		cmocka_unit_test(raw_data_outside_is_the_contexts),
		cmocka_unit_test(raw_data_without_a_path_is_refused),
		cmocka_unit_test(metadata_replaces_whole),
		cmocka_unit_test(raw_data_and_metadata_outside_keep_each_other),
		cmocka_unit_test(paths_are_rewritten_where_they_start_so),
		cmocka_unit_test(a_run_outside_may_become_a_task),
		cmocka_unit_test(a_task_may_be_entered_and_left_outside),
		cmocka_unit_test(the_attempt_is_read_at_each_call),
		cmocka_unit_test(the_place_in_a_distributed_job),
	};

	return cmocka_run_group_tests_name("api outside a task", tests, NULL, NULL);
}

static int inside_a_task(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_group_is_shown_until_it_is_left),
		cmocka_unit_test(a_group_needs_a_name),
		cmocka_unit_test(a_trace_replaces_the_action_alone),
		cmocka_unit_test(a_trace_needs_an_action),
		cmocka_unit_test(a_task_of_an_older_header_is_taken_as_far_as_it_goes),
		cmocka_unit_test(a_task_of_a_newer_header_is_taken_as_far_as_we_know),
		cmocka_unit_test(a_task_that_makes_no_sense_is_refused),
		cmocka_unit_test(in_cluster_is_the_remote_mode),
		cmocka_unit_test(metadata_replaces_whole),
		cmocka_unit_test(metadata_and_custom_context_are_two),
		cmocka_unit_test(bad_metadata_is_refused),
		cmocka_unit_test(no_raw_data_is_enodata),
		cmocka_unit_test(the_contexts_raw_data_is_for_tasks_without),
		cmocka_unit_test(the_tasks_raw_data_wins_also_over_a_later_one),
		cmocka_unit_test(an_empty_raw_data_path_counts),
		cmocka_unit_test(raw_data_without_a_path_is_refused),
		cmocka_unit_test(a_rewrite_that_makes_no_sense_is_refused),
		cmocka_unit_test(paths_are_rewritten_where_they_start_so),
		cmocka_unit_test(a_local_path_is_made),
		cmocka_unit_test(a_slash_is_not_doubled),
		cmocka_unit_test(two_random_paths_differ),
		cmocka_unit_test(a_relative_prefix_becomes_absolute),
		cmocka_unit_test(a_relative_prefix_in_the_root_directory),
		cmocka_unit_test(a_file_url_is_a_local_path),
		cmocka_unit_test(nothing_is_made_for_an_object_store),
		cmocka_unit_test(too_little_room_is_erange),
		cmocka_unit_test(a_random_path_needs_room),
		cmocka_unit_test(directories_that_cant_be_made),
		cmocka_unit_test(a_prefix_that_is_a_file_is_none),
		cmocka_unit_test(a_directory_that_may_not_be_made),
		cmocka_unit_test(the_attempt_is_read_at_each_call),
		cmocka_unit_test(the_carriers_attempt_counts_when_the_environment_is_cleared),
		cmocka_unit_test(the_place_in_a_distributed_job),
		cmocka_unit_test(a_sub_action_has_another_name_alone),
		cmocka_unit_test(names_of_sub_actions_are_the_sdks),
		cmocka_unit_test(a_sub_action_has_paths_of_its_own),
		cmocka_unit_test(sub_actions_of_sub_actions_are_of_the_same_task),
		cmocka_unit_test(a_sub_action_path_is_cut_as_snprintf_cuts),
		cmocka_unit_test(a_sub_action_that_makes_no_folder_is_refused),
		cmocka_unit_test(a_unique_id_says_none_for_what_is_unset),
		cmocka_unit_test(a_retained_context_outlives_its_scope),
		cmocka_unit_test(a_retained_context_may_be_released_on_another_thread),
		cmocka_unit_test(two_fibers_take_turns),
		cmocka_unit_test(a_fibers_scopes_stay_its_own),
		cmocka_unit_test(swapping_null_is_outside_of_tasks),
		cmocka_unit_test(a_fiber_may_move_to_another_thread),
		cmocka_unit_test(what_a_run_leaves_entered_is_undone),
		cmocka_unit_test(a_run_may_exit_its_callers_scope_for_itself),
		cmocka_unit_test(a_run_starts_with_a_copy),
	};

	return cmocka_run_group_tests_name("api", tests, make_folder, remove_folder);
}

int main(int argc, char **argv)
{
	int failed;

	if (argc == 2 && !strcmp(argv[1], "attempts"))
		return say_attempts();
	if (argc == 2)
		return outside_a_task();
	failed = inside_a_task();
	return failed + again_in(NULL, "outside");
}
