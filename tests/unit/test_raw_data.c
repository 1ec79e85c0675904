/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/raw_data: which raw data path counts, paths below it, and the rewriting of
 * input paths (SPEC 1.7). Results are written to memory of exactly the size that is said, so that
 * a sanitizer sees a byte too many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "context/context.h"
#include "context/raw_data.h"
#include "cut_test.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))
#define HEX         "00010203040506070809fa0b0c0d0eff"

/* Not a UUID: all 128 bits are random. */
static const unsigned char bytes[RAW_DATA_RANDOM] = { 0, 1, 2,    3,  4,  5,  6,  7,
						      8, 9, 0xfa, 11, 12, 13, 14, 0xff };

static void the_path_of_the_task_counts_first(void **state)
{
	struct context context = { 0 };

	(void)state;
	assert_null(raw_data_of(&context));
	context.raw_data.path = "s3://context";
	assert_ptr_equal(raw_data_of(&context), &context.raw_data);
	context.task.raw_data_path.path = "s3://task";
	assert_ptr_equal(raw_data_of(&context), &context.task.raw_data_path);
	context.raw_data.path = NULL;
	assert_ptr_equal(raw_data_of(&context), &context.task.raw_data_path);
}

/* As the SDK has it: a path object is there, whatever is in it. */
static void an_empty_path_is_set(void **state)
{
	struct context context = { .raw_data.path = "" };

	(void)state;
	assert_ptr_equal(raw_data_of(&context), &context.raw_data);
	context.raw_data.path = "s3://context";
	context.task.raw_data_path.path = "";
	assert_ptr_equal(raw_data_of(&context), &context.task.raw_data_path);
}

static void what_is_on_this_machine(void **state)
{
	static const char *const rows[] = {
		"",
		"/data",
		"data",
		"./data/raw",
		"file:///data",
		"file://data",
		"/data/s3://x",
		"s3:/x",
		"s3:",
		"s3/://x",
		":",
		"://",
		"C:\\data",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (!raw_data_is_local(rows[i]))
			fail_msg("'%s' is local", rows[i]);
}

static void what_is_in_a_store(void **state)
{
	static const char *const rows[] = {
		"s3://bucket/raw",   "gs://bucket", "abfs://container@account/raw",
		"abfss://container", "files://x",   "s3://",
		"memory://",         "fil://x",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (raw_data_is_local(rows[i]))
			fail_msg("'%s' is not local", rows[i]);
}

static void the_scheme_of_files_is_no_part_of_the_directory(void **state)
{
	(void)state;
	assert_string_equal(raw_data_directory("file:///data/raw"), "/data/raw");
	assert_string_equal(raw_data_directory("file://data"), "data");
	assert_string_equal(raw_data_directory("/data/raw"), "/data/raw");
	assert_string_equal(raw_data_directory("data"), "data");
}

static void assert_random_path(const char *prefix, const char *file, const char *expected)
{
	size_t size = strlen(expected) + 1;
	char *path = malloc(size);

	assert_non_null(path);
	assert_int_equal(raw_data_random_path(prefix, bytes, file, path, size), size - 1);
	assert_string_equal(path, expected);
	free(path);
}

static void a_path_is_the_prefix_and_32_hex_digits(void **state)
{
	(void)state;
	assert_random_path("s3://bucket/raw", NULL, "s3://bucket/raw/" HEX);
	assert_random_path("gs://bucket", NULL, "gs://bucket/" HEX);
	assert_random_path("/data", NULL, "/data/" HEX);
	assert_random_path("data", NULL, "data/" HEX);
}

static void a_slash_at_the_end_is_not_doubled(void **state)
{
	(void)state;
	assert_random_path("s3://bucket/raw/", NULL, "s3://bucket/raw/" HEX);
	assert_random_path("/", NULL, "/" HEX);
	assert_random_path("s3://", NULL, "s3://" HEX);
	/* Two of them are a name in a store: one goes and comes back. */
	assert_random_path("s3://bucket//", NULL, "s3://bucket//" HEX);
}

static void a_file_is_below(void **state)
{
	(void)state;
	assert_random_path("s3://bucket", "part-0.parquet", "s3://bucket/" HEX "/part-0.parquet");
	assert_random_path("/data/", "a b", "/data/" HEX "/a b");
	assert_random_path("/data", "a/b", "/data/" HEX "/a/b");
}

static void every_byte_is_two_digits(void **state)
{
	char path[64];
	unsigned char same[RAW_DATA_RANDOM];

	(void)state;
	for (unsigned value = 0; value < 256; value++) {
		char expected[3];

		memset(same, (int)value, sizeof(same));
		snprintf(expected, sizeof(expected), "%02x", value);
		assert_int_equal(raw_data_random_path("/", same, NULL, path, sizeof(path)), 33);
		for (unsigned i = 0; i < RAW_DATA_RANDOM; i++)
			assert_memory_equal(path + 1 + 2 * i, expected, 2);
	}
}

static void a_path_is_cut_as_snprintf_cuts(void **state)
{
	static const char whole[] = "s3://b/" HEX "/file";

	(void)state;
	for (size_t size = 1; size < sizeof(whole) + 2; size++) {
		char *path = malloc(size), *expected = malloc(size);

		assert_non_null(path);
		assert_non_null(expected);
		snprintf(expected, size, "%s", whole);
		assert_int_equal(raw_data_random_path("s3://b", bytes, "file", path, size),
				 sizeof(whole) - 1);
		assert_string_equal(path, expected);
		free(expected);
		free(path);
	}
	assert_int_equal(raw_data_random_path("s3://b", bytes, "file", NULL, 0), sizeof(whole) - 1);
}

/* --- rewriting --- */

static const struct flyte_raw_data_path rewritten = {
	.path = "s3://bucket/raw",
	.path_rewrite = { "s3://bucket/", "/mnt/bucket/" },
};

static void assert_rewritten(const struct flyte_raw_data_path *raw_data, const char *path,
			     const char *expected)
{
	size_t size = strlen(expected) + 1;
	char *to = malloc(size);

	assert_non_null(to);
	assert_int_equal(raw_data_rewrite(raw_data, path, to, size), size - 1);
	assert_string_equal(to, expected);
	free(to);
}

static void the_old_prefix_becomes_the_new(void **state)
{
	(void)state;
	assert_rewritten(&rewritten, "s3://bucket/a/b", "/mnt/bucket/a/b");
	assert_rewritten(&rewritten, "s3://bucket/", "/mnt/bucket/");
}

static void it_is_replaced_at_the_start_alone(void **state)
{
	(void)state;
	assert_rewritten(&rewritten, "/s3://bucket/a", "/s3://bucket/a");
	assert_rewritten(&rewritten, "s3://other/s3://bucket/a", "s3://other/s3://bucket/a");
	assert_rewritten(&rewritten, "s3://bucket", "s3://bucket");
	assert_rewritten(&rewritten, "S3://bucket/a", "S3://bucket/a");
	assert_rewritten(&rewritten, "", "");
}

static void it_is_replaced_once(void **state)
{
	const struct flyte_raw_data_path again = { .path_rewrite = { "a", "aa" } };

	(void)state;
	assert_rewritten(&rewritten, "s3://bucket/s3://bucket/x", "/mnt/bucket/s3://bucket/x");
	assert_rewritten(&again, "aab", "aaab");
}

/* It is characters that are compared, not names of directories: so does the SDK. */
static void a_prefix_need_not_end_where_a_name_does(void **state)
{
	const struct flyte_raw_data_path open = { .path_rewrite = { "s3://b", "/mnt" } };

	(void)state;
	assert_rewritten(&open, "s3://bucket/a", "/mntucket/a");
}

static void without_a_rewrite_a_path_stays(void **state)
{
	const struct flyte_raw_data_path none = { .path = "s3://bucket/raw" };

	(void)state;
	assert_rewritten(&none, "s3://bucket/a", "s3://bucket/a");
	assert_rewritten(NULL, "s3://bucket/a", "s3://bucket/a");
}

static size_t put_rewritten(char *text, size_t size)
{
	return raw_data_rewrite(&rewritten, "s3://bucket/a/b", text, size);
}

static void a_rewritten_path_is_cut_as_snprintf_cuts(void **state)
{
	(void)state;
	assert_cut("/mnt/bucket/a/b", put_rewritten);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_path_of_the_task_counts_first),
		cmocka_unit_test(an_empty_path_is_set),
		cmocka_unit_test(what_is_on_this_machine),
		cmocka_unit_test(what_is_in_a_store),
		cmocka_unit_test(the_scheme_of_files_is_no_part_of_the_directory),
		cmocka_unit_test(a_path_is_the_prefix_and_32_hex_digits),
		cmocka_unit_test(a_slash_at_the_end_is_not_doubled),
		cmocka_unit_test(a_file_is_below),
		cmocka_unit_test(every_byte_is_two_digits),
		cmocka_unit_test(a_path_is_cut_as_snprintf_cuts),
		cmocka_unit_test(the_old_prefix_becomes_the_new),
		cmocka_unit_test(it_is_replaced_at_the_start_alone),
		cmocka_unit_test(it_is_replaced_once),
		cmocka_unit_test(a_prefix_need_not_end_where_a_name_does),
		cmocka_unit_test(without_a_rewrite_a_path_stays),
		cmocka_unit_test(a_rewritten_path_is_cut_as_snprintf_cuts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
