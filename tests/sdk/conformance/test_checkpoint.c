/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/flyte/test_checkpoint.py (SPEC 4): on files, as there.
 */
#include "conformance.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

static char folder[1024];

/* A path of that name in the folder of this program. */
static const char *in_folder(const char *name)
{
	static char paths[4][2048];
	static int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static const char *as_url(const char *path)
{
	static char urls[2][2048 + 8];
	static int next;
	char *url = urls[next++ % 2];

	snprintf(url, sizeof(urls[0]), "file://%s", path);
	return url;
}

static int be_outside_in_a_folder(void **state)
{
	snprintf(folder, sizeof(folder), "%s/conformance-XXXXXX", getenv("FLYTECTX_WORKSPACE"));
	return be_outside(state) || !mkdtemp(folder);
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void assert_text_in(const char *path, const char *expected)
{
	char text[64] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0 || !*expected);
	fclose(file);
	assert_string_equal(text, expected);
}

/* A task whose checkpoint is there, and whose previous one there; NULL: it has none. */
static flyte_token enter_checkpoint(const char *path, const char *previous)
{
	struct flyte_task_context task = fixture();

	task.checkpoint_paths.checkpoint_path = path;
	task.checkpoint_paths.prev_checkpoint_path = previous;
	return enter_task(task);
}

static void assert_saved(int result)
{
	if (result)
		fail_msg("%s", flyte_checkpoint_error());
}

/* Loads a tree, whose state.json has that text; `file` becomes its path. */
static void assert_loaded(const char *expected, char file[4096])
{
	char path[2048];

	assert_int_equal(flyte_checkpoint_load(path, sizeof(path)), 1);
	assert_string_equal(path, flyte_checkpoint_path());
	snprintf(file, 4096, "%s/state.json", path);
	assert_text_in(file, expected);
}

/* An archive as Python's tarfile writes one of a file, by a program that is not ours. */
static void make_archive(const char *object, const char *name, const char *text)
{
	const char *const argv[] = { "tar", "-C", folder, "-czf", object, name, NULL };
	char output[OUTPUT_SIZE];

	write_text(in_folder(name), text);
	output_of(argv, output);
}

static void test_checkpoint_prev_exists(void **state)
{
	flyte_token token = enter_checkpoint("s3://bucket/out", NULL);

	(void)state;
	assert_false(flyte_checkpoint_prev_exists());
	leave(token);
	token = enter_checkpoint("s3://bucket/out", "s3://bucket/prev");
	assert_true(flyte_checkpoint_prev_exists());
	leave(token);
}

static void make_dated(const char *name, time_t time)
{
	const struct timespec times[2] = { { time, 0 }, { time, 0 } };

	write_text(in_folder(name), name);
	assert_int_equal(utimensat(AT_FDCWD, in_folder(name), times, 0), 0);
}

static void test_latest_checkpoint_prefers_newest_mtime(void **state)
{
	char path[2048];

	(void)state;
	assert_int_equal(mkdir(in_folder("a"), 0777) + mkdir(in_folder("b"), 0777), 0);
	make_dated("a/last.ckpt", 2000);
	make_dated("b/last.ckpt", 1000);
	assert_int_equal(flyte_latest_checkpoint(folder, NULL, path, sizeof(path)), 1);
	assert_string_equal(path, in_folder("a/last.ckpt"));
	make_dated("b/last.ckpt", 3000);
	assert_int_equal(flyte_latest_checkpoint(folder, NULL, path, sizeof(path)), 1);
	assert_string_equal(path, in_folder("b/last.ckpt"));
}

static void test_latest_checkpoint_custom_glob(void **state)
{
	char path[2048];

	(void)state;
	make_dated("epoch1.pt", 2000);
	make_dated("epoch2.pt", 1000);
	assert_int_equal(flyte_latest_checkpoint(folder, "*.pt", path, sizeof(path)), 1);
	assert_string_equal(path, in_folder("epoch1.pt"));
	assert_int_equal(flyte_latest_checkpoint(folder, "*.none", path, sizeof(path)), 0);
}

/* Loads `from`, changes what it says, saves to `to`, and loads that. */
static void assert_roundtrip(const char *from, const char *first, const char *to)
{
	flyte_token token = enter_checkpoint(to, from);
	char file[4096];

	assert_loaded(first, file);
	write_text(file, "changed");
	assert_saved(flyte_checkpoint_save_path(flyte_checkpoint_path()));
	leave(token);
	token = enter_checkpoint("unused", to);
	assert_loaded("changed", file);
	leave(token);
}

static void test_checkpoint_directory_checkpoint_roundtrip_file_uris(void **state)
{
	(void)state;
	make_archive(in_folder("prev_uri"), "state.json", "step 1");
	assert_roundtrip(as_url(in_folder("prev_uri")), "step 1", as_url(in_folder("out_uri")));
}

static void test_checkpoint_tar_roundtrip(void **state)
{
	(void)state;
	make_archive(in_folder("prev_tar"), "state.json", "step 3");
	assert_roundtrip(in_folder("prev_tar"), "step 3", in_folder("out_tar"));
}

static void test_checkpoint_single_non_tar_object_roundtrip(void **state)
{
	const char *out = in_folder("out_raw");
	char path[2048];
	flyte_token token;

	(void)state;
	write_text(in_folder("prev_raw"), "hello-checkpoint");
	token = enter_checkpoint(out, in_folder("prev_raw"));
	assert_int_equal(flyte_checkpoint_load(path, sizeof(path)), 1);
	assert_string_equal(strrchr(path, '/'), "/payload");
	assert_text_in(path, "hello-checkpoint");
	assert_saved(flyte_checkpoint_save_bytes("next", 4));
	leave(token);
	token = enter_checkpoint("unused", in_folder("out_raw"));
	assert_int_equal(flyte_checkpoint_load(path, sizeof(path)), 1);
	assert_text_in(path, "next");
	leave(token);
}

static int load_of(const char *previous)
{
	flyte_token token = enter_checkpoint("unused", previous);
	char path[2048];
	int result = flyte_checkpoint_load(path, sizeof(path));

	leave(token);
	return result;
}

static void test_checkpoint_load_treats_empty_remote_as_no_checkpoint(void **state)
{
	(void)state;
	write_text(in_folder("empty"), "");
	assert_int_equal(load_of(in_folder("empty")), 0);
	assert_int_equal(load_of(in_folder("missing")), 0);
}

static void test_checkpoint_load_sync_treats_sync_get_errors_as_no_checkpoint(void **state)
{
	(void)state;
	assert_int_equal(mkdir(in_folder("directory"), 0777), 0);
	assert_int_equal(load_of(in_folder("directory")), -1);
	assert_int_equal(errno, EISDIR);
}

/* A loop waits for the descriptor, and does something else meanwhile. */
static int finish_job(struct flyte_checkpoint_job *job, char *path, size_t size)
{
	struct pollfd ready;

	assert_non_null(job);
	ready = (struct pollfd) { .fd = flyte_checkpoint_job_fd(job), .events = POLLIN };
	assert_int_equal(poll(&ready, 1, 60000), 1);
	return flyte_checkpoint_job_finish(job, path, size);
}

static void test_checkpoint_load_save_async_on_task_loop(void **state)
{
	char path[2048], file[4096];
	flyte_token token;

	(void)state;
	make_archive(in_folder("prev_async"), "state.json", "step 7");
	token = enter_checkpoint(in_folder("out_async"), in_folder("prev_async"));
	assert_int_equal(finish_job(flyte_checkpoint_load_async(), path, sizeof(path)), 1);
	snprintf(file, sizeof(file), "%s/state.json", path);
	assert_text_in(file, "step 7");
	assert_saved(finish_job(flyte_checkpoint_save_path_async(file), NULL, 0));
	assert_text_in(in_folder("out_async"), "step 7");
	leave(token);
}

static void test_checkpoint_save_empty_directory_uploads_tar(void **state)
{
	flyte_token token = enter_checkpoint(in_folder("out_empty"), NULL);
	char path[2048];

	(void)state;
	assert_int_equal(mkdir(in_folder("nothing"), 0777), 0);
	assert_saved(flyte_checkpoint_save_path(in_folder("nothing")));
	leave(token);
	token = enter_checkpoint("unused", in_folder("out_empty"));
	assert_int_equal(flyte_checkpoint_load(path, sizeof(path)), 1);
	assert_int_equal(rmdir(path), 0); /* nothing is in it */
	leave(token);
}

static void test_task_context_checkpoint_property_cached(void **state)
{
	flyte_token token = enter_checkpoint(in_folder("out_cached"), in_folder("prev_cached"));
	const struct flyte_task_checkpoint *checkpoint = flyte_checkpoint();

	(void)state;
	assert_non_null(checkpoint);
	assert_ptr_equal(flyte_checkpoint(), checkpoint);
	leave(token);
}

static void test_task_context_checkpoint_none_without_prefix(void **state)
{
	flyte_token token = enter_checkpoint(NULL, NULL);

	(void)state;
	assert_null(flyte_checkpoint());
	assert_int_equal(errno, ENODATA);
	leave(token);
}

/* Blanks come from a command line: that is where they are taken off. */
static void test_task_context_checkpoint_none_empty_dest(void **state)
{
	const char *const argv[] = { getenv("CONFORMANCE_FLYTECTX"),
				     "run",
				     "--checkpoint-path",
				     "  ",
				     "--",
				     self(),
				     "checkpoint",
				     NULL };
	char output[OUTPUT_SIZE];

	(void)state;
	assert_string_equal(output_of(argv, output), "none");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_checkpoint_prev_exists),
		cmocka_unit_test(test_latest_checkpoint_prefers_newest_mtime),
		cmocka_unit_test(test_latest_checkpoint_custom_glob),
		cmocka_unit_test(test_checkpoint_directory_checkpoint_roundtrip_file_uris),
		cmocka_unit_test(test_checkpoint_tar_roundtrip),
		cmocka_unit_test(test_checkpoint_single_non_tar_object_roundtrip),
		cmocka_unit_test(test_checkpoint_load_treats_empty_remote_as_no_checkpoint),
		cmocka_unit_test(test_checkpoint_load_sync_treats_sync_get_errors_as_no_checkpoint),
		cmocka_unit_test(test_checkpoint_load_save_async_on_task_loop),
		cmocka_unit_test(test_checkpoint_save_empty_directory_uploads_tar),
		cmocka_unit_test(test_task_context_checkpoint_property_cached),
		cmocka_unit_test(test_task_context_checkpoint_none_without_prefix),
		cmocka_unit_test(test_task_context_checkpoint_none_empty_dest),
	};

	if (argc > 1 && !strcmp(argv[1], "checkpoint")) {
		puts(flyte_checkpoint() || errno != ENODATA ? "one" : "none");
		return 0;
	}
	return cmocka_run_group_tests_name("test_checkpoint", tests, be_outside_in_a_folder, NULL);
}
