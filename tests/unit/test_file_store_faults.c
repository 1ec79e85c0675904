/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/storage/file where something goes wrong (SPEC 4.7, 4.8): old or new and never half,
 * causes of failures, nothing left behind by saves that were killed; and ranges of what may change
 * meanwhile.
 */
#include "checkpoint_test.h"

#include "storage/file/file_temp.h"

#include <errno.h>

#include "file_store_test.h"

/* --- reading --- */

static bool read_range(const char *url, uint64_t offset, uint64_t length, const char *etag,
		       struct bytes *bytes, struct error *error)
{
	const struct storage_range range = { offset, length };
	const struct storage_sink sink = { append, bytes, -1 };
	struct storage *object = open_object(url);
	bool good = storage_read(object, &range, etag, &sink, error);

	storage_close(object);
	return good;
}

static void ranges(void **state)
{
	static const struct {
		uint64_t offset, length;
		const char *text;
	} rows[] = {
		{ 0, STORAGE_SIZE_UNKNOWN, "0123456789" },
		{ 3, 4, "3456" },
		{ 8, 100, "89" },
		{ 10, 1, "" },
		{ 99, 1, "" },
	};
	struct error error;

	(void)state;
	write_file("object", "0123456789", 10);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bytes bytes = { 0 };

		assert_true(
			read_range("object", rows[i].offset, rows[i].length, NULL, &bytes, &error));
		assert_int_equal(bytes.size, strlen(rows[i].text));
		if (bytes.size)
			assert_memory_equal(bytes.data, rows[i].text, bytes.size);
		free(bytes.data);
	}
	unlink("object");
}

static void another_object_is_not_read(void **state)
{
	struct storage_status status;
	struct error error;
	struct bytes bytes = { 0 };

	(void)state;
	assert_true(save("object", "one", &error));
	assert_true(stat_of("object", &status, &error));
	assert_true(read_range("object", 0, 3, status.etag, &bytes, &error));
	assert_true(save("object", "two", &error));
	assert_false(read_range("object", 0, 3, status.etag, &bytes, &error));
	assert_int_equal(error.failure, ERROR_CHANGED);
	free(bytes.data);
	unlink("object");
}

/* --- failures --- */

static int64_t fail_in_the_middle(void *argument, void *data, size_t size, struct error *error)
{
	int *calls = argument;

	if (++*calls == 3) {
		error_set(error, ERROR_TRANSIENT, ECONNRESET, "source", "no more");
		return -1;
	}
	memset(data, 'x', size);
	return (int64_t)size;
}

static void a_source_that_fails_changes_nothing(void **state)
{
	int calls = 0;
	const struct storage_source source = { fail_in_the_middle, &calls, -1,
					       STORAGE_SIZE_UNKNOWN };
	const struct storage_metadata metadata = { .kind = STORAGE_KIND_BYTES };
	struct error error;
	struct storage *object = open_object("object");

	(void)state;
	assert_true(save("object", "old", &error));
	assert_false(storage_write(object, &source, &metadata, &error));
	assert_int_equal(error.failure, ERROR_TRANSIENT);
	assert_string_equal(error.text, "source: no more: Connection reset by peer");
	assert_content("object", "old");
	assert_int_equal(count_names(), 1);
	storage_close(object);
	unlink("object");
}

static bool stop_at_once(void *argument, uint64_t done, uint64_t total)
{
	(void)done, (void)total;
	++*(int *)argument;
	return false;
}

static void a_cancelled_save_changes_nothing(void **state)
{
	int calls = 0;
	const struct storage_progress progress = { stop_at_once, &calls };
	struct error error;
	struct storage *object = storage_open("object", &progress, &error);

	(void)state;
	assert_true(save("object", "old", &error));
	assert_false(save_bytes(object, "new", 3, &error));
	assert_int_equal(error.failure, ERROR_CANCELLED);
	assert_int_equal(error.number, ECANCELED);
	assert_int_equal(calls, 1);
	assert_content("object", "old");
	assert_int_equal(count_names(), 1);
	storage_close(object);
	unlink("object");
}

/* --- what killed saves leave --- */

static void what_a_dead_save_left_goes_with_the_next(void **state)
{
	char dead[FILE_TEMP_MAX], alive[FILE_TEMP_MAX], other[FILE_TEMP_MAX];
	int here = open(".", O_RDONLY | O_DIRECTORY), fd, live;
	struct error error;

	(void)state;
	fd = file_temp_make(here, "object", dead);
	assert_true(fd >= 0);
	close(fd);
	live = file_temp_make(here, "object", alive);
	assert_true(live >= 0);
	close(file_temp_make(here, "another", other));
	assert_true(save("object", "x", &error));
	assert_int_equal(access(dead, F_OK), -1);
	assert_int_equal(access(alive, F_OK), 0);
	assert_int_equal(access(other, F_OK), 0);
	close(live);
	assert_true(save("object", "y", &error));
	assert_int_equal(access(alive, F_OK), -1);
	close(here);
	unlink("object");
	unlink(other);
}

static void removing_what_is_not_there_is_fine(void **state)
{
	struct error error;
	struct storage *object = open_object("object");

	(void)state;
	assert_true(storage_remove(object, &error));
	write_file("object", "x", 1);
	assert_true(storage_remove(object, &error));
	assert_int_equal(access("object", F_OK), -1);
	storage_close(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges),
		cmocka_unit_test(another_object_is_not_read),
		cmocka_unit_test(a_source_that_fails_changes_nothing),
		cmocka_unit_test(a_cancelled_save_changes_nothing),
		cmocka_unit_test(what_a_dead_save_left_goes_with_the_next),
		cmocka_unit_test(removing_what_is_not_there_is_fine),
	};

	umask(022);
	return cmocka_run_group_tests_name("file_store_faults", tests, enter_scratch,
					   leave_scratch);
}
