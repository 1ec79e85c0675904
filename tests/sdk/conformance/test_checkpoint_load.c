/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/flyte/test_checkpoint.py (SPEC 4.3): what an attempt finds of the one before,
 * and where a task has no checkpoint; on files, as there.
 */
#include <poll.h>
#include <sys/stat.h>

#include "checkpoint.h"

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
		cmocka_unit_test(test_checkpoint_load_treats_empty_remote_as_no_checkpoint),
		cmocka_unit_test(test_checkpoint_load_sync_treats_sync_get_errors_as_no_checkpoint),
		cmocka_unit_test(test_checkpoint_load_save_async_on_task_loop),
		cmocka_unit_test(test_task_context_checkpoint_property_cached),
		cmocka_unit_test(test_task_context_checkpoint_none_without_prefix),
		cmocka_unit_test(test_task_context_checkpoint_none_empty_dest),
	};

	if (argc > 1 && !strcmp(argv[1], "checkpoint")) {
		puts(flyte_checkpoint() || errno != ENODATA ? "one" : "none");
		return 0;
	}
	return cmocka_run_group_tests_name("test_checkpoint_load", tests, be_outside_in_a_folder,
					   NULL);
}
