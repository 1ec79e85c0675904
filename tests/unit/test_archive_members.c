/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds the members of core/checkpoint's archives (SPEC 4): what leads out of the tree is refused,
 * what stays inside is taken.
 */
#include "checkpoint_test.h"

#include "checkpoint/archive/gzip_writer.h"
#include "checkpoint/archive/tar.h"
#include "archive_test.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_leads_out_is_refused),
		cmocka_unit_test(what_stays_inside_is_taken),
		cmocka_unit_test(what_could_not_be_loaded_is_not_saved),
	};

	umask(022);
	return cmocka_run_group_tests_name("archive_members", tests, enter_scratch, leave_scratch);
}
