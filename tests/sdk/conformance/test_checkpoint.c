/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/flyte/test_checkpoint.py (SPEC 4.1): what is saved and comes back, on files, as
 * there.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "checkpoint.h"

static const char *as_url(const char *path)
{
	static char urls[2][2048 + 8];
	static int next;
	char *url = urls[next++ % 2];

	snprintf(url, sizeof(urls[0]), "file://%s", path);
	return url;
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

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_latest_checkpoint_prefers_newest_mtime),
		cmocka_unit_test(test_latest_checkpoint_custom_glob),
		cmocka_unit_test(test_checkpoint_directory_checkpoint_roundtrip_file_uris),
		cmocka_unit_test(test_checkpoint_tar_roundtrip),
		cmocka_unit_test(test_checkpoint_single_non_tar_object_roundtrip),
		cmocka_unit_test(test_checkpoint_save_empty_directory_uploads_tar),
	};

	if (argc > 1 && !strcmp(argv[1], "checkpoint")) {
		puts(flyte_checkpoint() || errno != ENODATA ? "one" : "none");
		return 0;
	}
	return cmocka_run_group_tests_name("test_checkpoint", tests, be_outside_in_a_folder, NULL);
}
