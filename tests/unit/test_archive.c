/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/checkpoint's archives (SPEC 4.1): a tree comes back as it was; the same tree gives the
 * same bytes; what is no archive is a file.
 */
#include "checkpoint_test.h"

#include "archive_test.h"

#include <sched.h>

static void make_tree(const char *root)
{
	char path[512], name[300];

	assert_true(tree_remove(AT_FDCWD, root));
	assert_int_equal(mkdir(root, 0755), 0);
	assert_int_equal(chdir(root), 0);
	write_file("a", "first\n", 6);
	assert_int_equal(chmod("a", 0640), 0);
	set_time("a", 1600000000, 123456789);
	assert_int_equal(link("a", "hard"), 0);
	assert_int_equal(symlink("a", "soft"), 0);
	assert_int_equal(mkdir("empty", 0700), 0);
	assert_int_equal(mkdir("sub", 0755), 0);
	assert_int_equal(symlink("../a", "sub/up"), 0);
	write_file("sub/nothing", "", 0);
	memset(name, 'n', 250);
	strcpy(name + 250, "\xc3\xbc");
	snprintf(path, sizeof(path), "sub/%s", name);
	write_file(path, "long", 4);
	write_file("sub/\xff", "not UTF-8", 9);
	set_time("a", -5, 250000000);
	set_time("empty", 1500000000, 0);
	set_time("sub", 1500000001, 1);
	assert_int_equal(chmod("empty", 0500), 0);
	assert_int_equal(chdir(".."), 0);
}

static void a_tree_comes_back(void **state)
{
	struct error error;
	struct bytes archive, again;
	struct stat one, other;

	(void)state;
	make_tree("tree");
	archive = archive_of("tree");
	write_file("object", archive.data, archive.size);
	if (load_file("object", "loaded", &error) != LOAD_TREE)
		fail_msg("%s", error.text);
	again = archive_of("loaded");
	assert_true(same_bytes(archive, again));
	assert_int_equal(stat("loaded/a", &one), 0);
	assert_int_equal(stat("loaded/hard", &other), 0);
	assert_int_equal(one.st_ino, other.st_ino);
	assert_int_equal(one.st_mtim.tv_sec, -5);
	assert_int_equal(one.st_mtim.tv_nsec, 250000000);
	free(archive.data);
	free(again.data);
}

static void an_empty_directory_comes_back(void **state)
{
	struct error error;
	struct bytes archive;

	(void)state;
	assert_int_equal(mkdir("nothing", 0755), 0);
	archive = archive_of("nothing");
	write_file("object", archive.data, archive.size);
	assert_int_equal(load_file("object", "loaded", &error), LOAD_TREE);
	free(archive.data);
}

static void holes_stay_holes(void **state)
{
	const off_t size = (off_t)9 << 30;
	struct error error;
	struct bytes archive, again;
	struct stat status;
	int fd;

	(void)state;
	assert_int_equal(mkdir("holes", 0755), 0);
	fd = open("holes/file", O_RDWR | O_CREAT, 0644);
	assert_int_equal(ftruncate(fd, size), 0);
	assert_int_equal(pwrite(fd, "in the middle", 13, (off_t)5 << 30), 13);
	close(fd);
	fd = open("holes/end", O_RDWR | O_CREAT, 0644);
	assert_int_equal(pwrite(fd, "at the end", 10, 1 << 20), 10);
	close(fd);
	archive = archive_of("holes");
	assert_true(archive.size < 4096);
	write_file("object", archive.data, archive.size);
	assert_int_equal(load_file("object", "loaded", &error), LOAD_TREE);
	assert_int_equal(stat("loaded/file", &status), 0);
	assert_int_equal(status.st_size, size);
	assert_true(status.st_blocks < 1024);
	again = archive_of("loaded");
	assert_true(same_bytes(archive, again));
	free(archive.data);
	free(again.data);
}

/* Several members: the same bytes however many cores pack them, and the same tree of them. */
static void cores_make_no_difference(void **state)
{
	const size_t size = 5 * 1024 * 1024 + 12345;
	unsigned char *data = malloc(size);
	uint32_t number = 1;
	struct bytes one, again;
	struct error error;
	cpu_set_t all, single;

	(void)state;
	assert_non_null(data);
	for (size_t i = 0; i < size; i++) {
		number = number * 1664525 + 1013904223;
		data[i] = (unsigned char)(i / 1024 % 3 ? number >> 24 : number >> 30);
	}
	assert_int_equal(mkdir("many", 0755), 0);
	write_file("many/a", data, size);
	write_file("many/b", data, 1);
	write_file("many/c", data, size / 2);
	one = archive_of("many");
	assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
	CPU_ZERO(&single);
	CPU_SET((size_t)sched_getcpu(), &single);
	assert_int_equal(sched_setaffinity(0, sizeof(single), &single), 0);
	again = archive_of("many");
	assert_true(same_bytes(one, again));
	write_file("object", one.data, one.size);
	for (int i = 0; i < 2; i++) {
		if (load_file("object", "loaded", &error) != LOAD_TREE)
			fail_msg("%s", error.text);
		free(again.data);
		again = archive_of("loaded");
		assert_true(same_bytes(one, again));
		assert_int_equal(sched_setaffinity(0, sizeof(all), &all), 0);
	}
	free(one.data);
	free(again.data);
	free(data);
}

/* The compressor once took other matches where its memory lay elsewhere. */
static void the_same_tree_gives_the_same_bytes(void **state)
{
	struct bytes one, again;

	(void)state;
	assert_int_equal(mkdir("same", 0755), 0);
	assert_int_equal(mkdir("same/l", 0700), 0);
	one = archive_of("same");
	for (int i = 0; i < 3000; i++) {
		void *hole = malloc((size_t)i * 40 + 1);

		again = archive_of("same");
		free(hole);
		if (!same_bytes(one, again))
			fail_msg("not in round %d", i);
		free(again.data);
	}
	free(one.data);
}

/* --- payloads --- */

/* SPEC 4.11 */
static void what_is_no_tree_is_a_file(void **state)
{
	static const char zeros[4096];
	struct error error;

	(void)state;
	write_file("object", zeros, sizeof(zeros));
	assert_int_equal(load_file("object", "loaded", &error), LOAD_FILE);
	write_file("object", "\x1f\x8b that is no gzip at all, is it?", 33);
	assert_int_equal(load_file("object", "loaded", &error), LOAD_FILE);
	write_file("object", "x", 1);
	assert_int_equal(load_file("object", "loaded", &error), LOAD_FILE);
	write_file("object", "", 0);
	assert_int_equal(load_file("object", "loaded", &error), LOAD_NONE);
	unlink("object");
	assert_int_equal(load_file("object", "loaded", &error), LOAD_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_comes_back),
		cmocka_unit_test(an_empty_directory_comes_back),
		cmocka_unit_test(holes_stay_holes),
		cmocka_unit_test(cores_make_no_difference),
		cmocka_unit_test(the_same_tree_gives_the_same_bytes),
		cmocka_unit_test(what_is_no_tree_is_a_file),
	};

	umask(022);
	return cmocka_run_group_tests_name("archive", tests, enter_scratch, leave_scratch);
}
