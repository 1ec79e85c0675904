/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/storage/file (SPEC 4.8, 4.12): which URLs are files, what a save writes, and metadata
 * that knows when it is stale.
 */
#include "checkpoint_test.h"

#include "storage/file/file_direct.h"

#include <errno.h>
#include <sys/xattr.h>

#include "file_store_test.h"

static void which_urls_are_files(void **state)
{
	struct error error;

	(void)state;
	assert_string_equal(storage_local_path("a/b"), "a/b");
	assert_string_equal(storage_local_path("file:///a"), "/a");
	assert_string_equal(storage_local_path("file://file://a"), "file://a");
	assert_string_equal(storage_local_path("file:/a"), "file:/a");
	assert_null(storage_local_path("s3://bucket/key"));
	assert_null(storage_open("nosuch://x", NULL, &error));
	assert_int_equal(error.failure, ERROR_INVALID);
	assert_string_equal(error.text,
			    "nosuch://x: no store has this scheme: Protocol not supported");
	assert_null(storage_open("", NULL, &error));
	assert_null(storage_open("file://", NULL, &error));
}

static void the_checksum_is_crc64_xz(void **state)
{
	(void)state;
	assert_int_equal(storage_checksum(0, "123456789", 9), 0x995dc9bbdf1939fa);
	assert_int_equal(storage_checksum(storage_checksum(0, "1234", 4), "56789", 5),
			 0x995dc9bbdf1939fa);
}

/* The check values of their definitions, whole and in pieces. */
static void sums_of_stores_are_right(void **state)
{
	static const struct {
		enum storage_sum_kind kind;
		uint64_t sum;
	} sums[] = { { STORAGE_SUM_CRC32, 0xcbf43926 },
		     { STORAGE_SUM_CRC64NVME, 0xae8b14860a799888 } };

	(void)state;
	for (size_t i = 0; i < sizeof(sums) / sizeof(*sums); i++)
		for (size_t at = 0; at <= 9; at++) {
			uint64_t sum = storage_sum(sums[i].kind, 0, "123456789", at);

			assert_int_equal(storage_sum(sums[i].kind, sum, &"123456789"[at], 9 - at),
					 sums[i].sum);
		}
}

static void metadata_is_read_as_it_was_written(void **state)
{
	struct storage_metadata metadata = { STORAGE_KIND_FILE, true, true, 123, 0xabc }, read;
	char text[STORAGE_METADATA_MAX];

	(void)state;
	assert_int_equal(storage_metadata_text(&metadata, text), 41);
	assert_string_equal(text, "kind=file size=123 crc64=0000000000000abc");
	assert_true(storage_metadata_read(text, &read));
	assert_true(read.kind == STORAGE_KIND_FILE && read.has_size && read.has_checksum);
	assert_true(read.size == 123 && read.checksum == 0xabc);
	assert_true(storage_metadata_read("kind=bytes later=1 size=7", &read));
	assert_true(read.has_size && read.size == 7 && !read.has_checksum);
	assert_false(storage_metadata_read("size=7", &read));
	assert_false(storage_metadata_read("kind=other size=7", &read));
	assert_true(storage_metadata_read("kind=file size=x", &read));
	assert_false(read.has_size);
}

static void what_is_not_there_is_absent(void **state)
{
	struct storage_status status;
	struct error error;

	(void)state;
	assert_false(stat_of("nothing", &status, &error));
	assert_int_equal(error.failure, ERROR_ABSENT);
	assert_int_equal(error.number, ENOENT);
	assert_false(stat_of("no/such/directory", &status, &error));
	assert_int_equal(error.failure, ERROR_ABSENT);
	assert_false(stat_of(".", &status, &error));
	assert_int_equal(error.failure, ERROR_INVALID);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_false(stat_of("fifo", &status, &error));
	assert_int_equal(error.failure, ERROR_INVALID);
	unlink("fifo");
}

static void a_save_replaces(void **state)
{
	struct storage_status before, after;
	struct error error;
	struct stat one, other;

	(void)state;
	assert_true(save("file://object", "old", &error));
	assert_content("object", "old");
	assert_true(stat_of("object", &before, &error));
	assert_int_equal(before.size, 3);
	assert_int_equal(before.metadata.kind, STORAGE_KIND_BYTES);
	assert_int_equal(stat("object", &one), 0);
	assert_true(save("object", "newer", &error));
	assert_content("object", "newer");
	assert_true(stat_of("object", &after, &error));
	assert_string_not_equal(before.etag, after.etag);
	/* Another file: who has the old one open goes on reading the old one. */
	assert_int_equal(stat("object", &other), 0);
	assert_int_not_equal(one.st_ino, other.st_ino);
	assert_int_equal(count_names(), 1);
	unlink("object");
}

/* Past the page cache, and its end, which is no multiple of a block, through it. */
static void a_long_one_is_whole(void **state)
{
	const size_t size = FILE_DIRECT_FROM + 12345;
	char *data = malloc(size);
	struct storage_status status;
	struct error error;

	(void)state;
	for (size_t i = 0; i < size; i++)
		data[i] = (char)(i * 2654435761u >> 13);
	for (int as_file = 0; as_file < 2; as_file++) {
		struct storage *object = open_object("object");
		struct bytes bytes;

		if (as_file)
			write_file("source", data, size);
		assert_true(as_file ? save_path(object, "source", &error)
				    : save_bytes(object, data, size, &error));
		storage_close(object);
		bytes = read_file("object");
		assert_int_equal(bytes.size, size);
		assert_memory_equal(bytes.data, data, size);
		free(bytes.data);
		assert_true(stat_of("object", &status, &error));
		if (status.metadata.has_checksum)
			assert_int_equal(status.metadata.checksum, storage_checksum(0, data, size));
		unlink("object");
	}
	unlink("source");
	free(data);
}

static void directories_are_made(void **state)
{
	struct error error;

	(void)state;
	assert_true(save("a/b/c/object", "x", &error));
	assert_content("a/b/c/object", "x");
	assert_true(save("a/b/c/object/below", "x", &error) == false);
	assert_int_equal(error.number, ENOTDIR);
	assert_true(tree_remove(AT_FDCWD, "a"));
}

static void a_link_is_followed(void **state)
{
	struct error error;
	struct stat status;

	(void)state;
	assert_int_equal(mkdir("there", 0755), 0);
	assert_int_equal(symlink("there/object", "link"), 0);
	assert_int_equal(symlink("link", "link2"), 0);
	assert_true(save("link2", "x", &error));
	assert_content("there/object", "x");
	assert_int_equal(lstat("link", &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_int_equal(symlink("loop", "loop"), 0);
	assert_false(save("loop", "x", &error));
	assert_int_equal(error.number, ELOOP);
	unlink("loop");
	unlink("link");
	unlink("link2");
	assert_true(tree_remove(AT_FDCWD, "there"));
}

static void what_is_no_file_is_kept(void **state)
{
	struct error error;
	struct stat status;

	(void)state;
	assert_int_equal(mkdir("directory", 0755), 0);
	assert_false(save("directory", "x", &error));
	assert_int_equal(error.number, EISDIR);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_false(save("fifo", "x", &error));
	assert_int_equal(stat("fifo", &status), 0);
	assert_true(S_ISFIFO(status.st_mode));
	unlink("fifo");
	rmdir("directory");
}

/* The SDK opens the file for writing: our attribute stays, and must not speak of its bytes. */
static void metadata_of_other_bytes_is_ignored(void **state)
{
	struct storage_status status;
	struct error error;
	char text[160];

	(void)state;
	assert_true(save("object", "ours", &error));
	if (getxattr("object", "user.flytectx", text, sizeof(text)) < 0) {
		unlink("object");
		skip();
	}
	usleep(20000);
	write_file("object", "theirs", 6);
	assert_true(getxattr("object", "user.flytectx", text, sizeof(text)) > 0);
	assert_true(stat_of("object", &status, &error));
	assert_int_equal(status.size, 6);
	assert_int_equal(status.metadata.kind, STORAGE_KIND_UNKNOWN);
	unlink("object");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(which_urls_are_files),
		cmocka_unit_test(the_checksum_is_crc64_xz),
		cmocka_unit_test(sums_of_stores_are_right),
		cmocka_unit_test(metadata_is_read_as_it_was_written),
		cmocka_unit_test(what_is_not_there_is_absent),
		cmocka_unit_test(a_save_replaces),
		cmocka_unit_test(a_long_one_is_whole),
		cmocka_unit_test(directories_are_made),
		cmocka_unit_test(a_link_is_followed),
		cmocka_unit_test(what_is_no_file_is_kept),
		cmocka_unit_test(metadata_of_other_bytes_is_ignored),
	};

	umask(022);
	return cmocka_run_group_tests_name("file_store", tests, enter_scratch, leave_scratch);
}
