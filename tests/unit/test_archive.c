/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/checkpoint's archives (SPEC 4): a tree comes back as it was; the same tree gives the
 * same bytes; whatever is cut off or flipped, a load gives the right tree or an error; what leads
 * out of the tree is refused.
 */
#include "checkpoint_test.h"

#include "checkpoint/archive/gzip_writer.h"
#include "checkpoint/load.h"
#include "checkpoint/archive/tar.h"

static enum load_result load_file(const char *path, const char *into, struct error *error)
{
	struct storage *object = storage_open(path, NULL, error);
	enum load_result result;
	int target;

	assert_non_null(object);
	assert_true(tree_remove(AT_FDCWD, into));
	assert_int_equal(mkdir(into, 0700), 0);
	target = open(into, O_RDONLY | O_DIRECTORY);
	assert_true(target >= 0);
	result = load(object, target, target, error);
	close(target);
	storage_close(object);
	return result;
}

static void set_time(const char *path, time_t seconds, long nanoseconds)
{
	const struct timespec times[] = { { 1, 0 }, { seconds, nanoseconds } };

	assert_int_equal(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), 0);
}

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

/* --- damage ------------------------------------------------------------------------------ */

static void make_small_tree(void)
{
	assert_true(tree_remove(AT_FDCWD, "small"));
	assert_int_equal(mkdir("small", 0755), 0);
	write_file("small/step", "17\n", 3);
	assert_int_equal(mkdir("small/state", 0755), 0);
	write_file("small/state/weights", "0.25 0.5 0.75 1.0 0.125\n", 24);
	assert_int_equal(symlink("state/weights", "small/latest"), 0);
	set_time("small/state/weights", 1600000000, 0);
	set_time("small/step", 1600000000, 0);
	set_time("small/latest", 1600000000, 0);
	set_time("small/state", 1600000000, 0);
}

/* An error, or the right tree. */
static void assert_harmless(const struct bytes *whole, struct bytes damaged, const char *what,
			    size_t where)
{
	struct error error;
	struct bytes again;

	write_file("damaged", damaged.data, damaged.size);
	switch (load_file("damaged", "loaded", &error)) {
	case LOAD_FAILED:
		assert_int_equal(error.failure, ERROR_CORRUPT);
		return;
	case LOAD_TREE:
		again = archive_of("loaded");
		if (!same_bytes(*whole, again))
			fail_msg("%s %zu: another tree", what, where);
		free(again.data);
		return;
	case LOAD_NONE:
		if (damaged.size)
			fail_msg("%s %zu: counts as none", what, where);
		return;
	case LOAD_FILE:
		/* A single byte is anybody's; two are gzip's magic. */
		if (damaged.size != 1)
			fail_msg("%s %zu: counts as a file", what, where);
		return;
	}
}

static void a_cut_is_noticed(void **state)
{
	struct bytes whole;

	(void)state;
	make_small_tree();
	whole = archive_of("small");
	for (size_t size = 0; size < whole.size; size++)
		assert_harmless(&whole, (struct bytes) { whole.data, size }, "cut at", size);
	free(whole.data);
}

static void a_flipped_bit_is_noticed(void **state)
{
	struct bytes whole, damaged;

	(void)state;
	make_small_tree();
	whole = archive_of("small");
	damaged = (struct bytes) { malloc(whole.size), whole.size };
	assert_non_null(damaged.data);
	memcpy(damaged.data, whole.data, whole.size);
	for (size_t bit = 0; bit < 8 * whole.size; bit++) {
		damaged.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
		assert_harmless(&whole, damaged, "bit", bit);
		damaged.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	free(whole.data);
	free(damaged.data);
}

static void something_behind_it_is_noticed(void **state)
{
	struct bytes whole, damaged;

	(void)state;
	make_small_tree();
	whole = archive_of("small");
	damaged = (struct bytes) { malloc(2 * whole.size), whole.size + 1 };
	memcpy(damaged.data, whole.data, whole.size);
	memcpy(damaged.data + whole.size, whole.data, whole.size);
	assert_harmless(&whole, damaged, "one byte behind", 1);
	damaged.size = 2 * whole.size;
	assert_harmless(&whole, damaged, "twice", 1);
	free(whole.data);
	free(damaged.data);
}

/* --- members ----------------------------------------------------------------------------- */

struct member {
	enum tar_type type;
	mode_t mode;
	const char *path, *link;
};

static enum load_result load_members(const struct member *members, size_t count,
				     struct error *error)
{
	static const char zeros[2 * TAR_BLOCK];
	struct bytes archive = { 0 };
	struct gzip_writer *gzip = gzip_writer_new(append, &archive);
	struct tar_text header;
	enum load_result result;

	for (size_t i = 0; i < count; i++) {
		struct tar_entry entry = { .type = members[i].type, .mode = members[i].mode };

		strcpy(entry.path, members[i].path);
		strcpy(entry.link, members[i].link ? members[i].link : "");
		assert_true(tar_header(&entry, &header));
		assert_true(gzip_writer_put(gzip, header.data, header.size, error));
		free(header.data);
	}
	assert_true(gzip_writer_put(gzip, zeros, sizeof(zeros), error));
	assert_true(gzip_writer_end(gzip, error));
	gzip_writer_free(gzip);
	write_file("object", archive.data, archive.size);
	free(archive.data);
	result = load_file("object", "loaded", error);
	return result;
}

static void what_leads_out_is_refused(void **state)
{
	static const struct {
		const char *what;
		struct member members[3];
	} rows[] = {
		{ "..", { { TAR_FILE, 0644, "../out", NULL } } },
		{ ".. inside", { { TAR_FILE, 0644, "a/../../out", NULL } } },
		{ "absolute", { { TAR_FILE, 0644, "/tmp/flytectx-unit-out", NULL } } },
		{ "absolute directory", { { TAR_DIRECTORY, 0755, "/out", NULL } } },
		{ "character device", { { TAR_CHARACTER_DEVICE, 0644, "null", NULL } } },
		{ "block device", { { TAR_BLOCK_DEVICE, 0644, "disk", NULL } } },
		{ "setuid", { { TAR_FILE, 04755, "su", NULL } } },
		{ "setgid", { { TAR_FILE, 02755, "sg", NULL } } },
		{ "unknown type", { { (enum tar_type)'Z', 0644, "z", NULL } } },
		{ "no name", { { TAR_FILE, 0644, "", NULL } } },
		{ "absolute link", { { TAR_SYMLINK, 0777, "l", "/etc" } } },
		{ "link with ..", { { TAR_SYMLINK, 0777, "l", "../out" } } },
		{ "link deep with ..", { { TAR_SYMLINK, 0777, "a/l", "../../out" } } },
		{ "link by another link",
		  { { TAR_DIRECTORY, 0755, "a/b", NULL },
		    { TAR_SYMLINK, 0777, "a/b/root", "../.." },
		    { TAR_SYMLINK, 0777, "l", "a/b/root/.." } } },
		{ "through a link",
		  { { TAR_DIRECTORY, 0755, "d", NULL },
		    { TAR_SYMLINK, 0777, "l", "d" },
		    { TAR_FILE, 0644, "l/file", NULL } } },
		{ "hard link out", { { TAR_HARD_LINK, 0644, "h", "../out" } } },
		{ "absolute hard link", { { TAR_HARD_LINK, 0644, "h", "/etc/hostname" } } },
		{ "hard link through a link",
		  { { TAR_DIRECTORY, 0755, "d", NULL },
		    { TAR_SYMLINK, 0777, "l", "d" },
		    { TAR_HARD_LINK, 0644, "h", "l/x" } } },
	};
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t count = 0;

		while (count < 3 && rows[i].members[count].path)
			count++;
		if (load_members(rows[i].members, count, &error) != LOAD_FAILED)
			fail_msg("%s is not refused", rows[i].what);
		if (access("out", F_OK) == 0 || access("/tmp/flytectx-unit-out", F_OK) == 0)
			fail_msg("%s was written outside", rows[i].what);
	}
}

static void what_stays_inside_is_taken(void **state)
{
	static const struct member members[] = {
		{ TAR_DIRECTORY, 0755, ".", NULL },
		{ TAR_FILE, 0644, "./a/b/file", NULL },
		{ TAR_SYMLINK, 0777, "a/up", "../a/b/file" },
		{ TAR_SYMLINK, 0777, "dangling", "nowhere" },
		{ TAR_HARD_LINK, 0644, "h", "a/b/file" },
		{ TAR_DIRECTORY, 02755, "group", NULL },
		{ TAR_FILE, 0600, "a/b/file", NULL }, /* once more: the later one counts */
	};
	struct error error;
	struct stat status;

	(void)state;
	if (load_members(members, sizeof(members) / sizeof(*members), &error) != LOAD_TREE)
		fail_msg("%s", error.text);
	assert_int_equal(stat("loaded/a/up", &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(stat("loaded/group", &status), 0);
	assert_int_equal(status.st_mode & 07777, 0755);
}

static void what_could_not_be_loaded_is_not_saved(void **state)
{
	struct error error;
	struct bytes bytes = { 0 };
	char target[128], link[128];

	(void)state;
	assert_int_equal(mkdir("links", 0755), 0);
	assert_int_equal(symlink("/etc", "links/out"), 0);
	assert_false(pack("links", append, &bytes, &error));
	assert_non_null(strstr(error.text, "out"));
	assert_int_equal(unlink("links/out"), 0);
	/* An absolute name of something inside goes with the tree. */
	assert_int_equal(mkdir("links/d", 0755), 0);
	snprintf(target, sizeof(target), "%s/links/file", scratch);
	assert_int_equal(symlink(target, "links/d/in"), 0);
	free(bytes.data);
	bytes = archive_of("links");
	write_file("object", bytes.data, bytes.size);
	assert_int_equal(load_file("object", "loaded", &error), LOAD_TREE);
	link[readlink("loaded/d/in", link, sizeof(link) - 1)] = '\0';
	assert_string_equal(link, "../file");
	free(bytes.data);
}

/* --- payloads ---------------------------------------------------------------------------- */

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
		cmocka_unit_test(a_cut_is_noticed),
		cmocka_unit_test(a_flipped_bit_is_noticed),
		cmocka_unit_test(something_behind_it_is_noticed),
		cmocka_unit_test(what_leads_out_is_refused),
		cmocka_unit_test(what_stays_inside_is_taken),
		cmocka_unit_test(what_could_not_be_loaded_is_not_saved),
		cmocka_unit_test(what_is_no_tree_is_a_file),
	};

	umask(022);
	return cmocka_run_group_tests_name("archive", tests, enter_scratch, leave_scratch);
}
