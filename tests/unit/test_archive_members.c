/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds the members of core/checkpoint's archives (SPEC 4.10): what leads out of the tree is
 * refused, what stays inside is taken.
 */
#include "checkpoint_test.h"

#include "checkpoint/archive/gzip_writer.h"
#include "checkpoint/archive/tar.h"
#include "archive_test.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

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

static void refuse_what_leads_out(void)
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
		{ "hard link to a link, nearer to the root",
		  { { TAR_DIRECTORY, 0755, "d/e", NULL },
		    { TAR_SYMLINK, 0777, "d/e/l", "../.." },
		    { TAR_HARD_LINK, 0644, "h", "d/e/l" } } },
		{ "hard link to a link, by another link",
		  { { TAR_SYMLINK, 0777, "a/b/l", "../../a/.." },
		    { TAR_SYMLINK, 0777, "a/x", "." },
		    { TAR_HARD_LINK, 0644, "a/x2", "a/b/l" } } },
		{ "link by a link, to what is missing",
		  { { TAR_DIRECTORY, 0755, "d", NULL },
		    { TAR_SYMLINK, 0777, "d/x", "." },
		    { TAR_SYMLINK, 0777, "l", "d/x/x/x/none/../../../../etc" } } },
		{ "link by a link that comes later",
		  { { TAR_SYMLINK, 0777, "l", "d/x/x/x/../../../etc" },
		    { TAR_SYMLINK, 0777, "d/x", "." } } },
		{ "link by a long chain",
		  { { TAR_SYMLINK, 0777, "d/x", "." },
		    { TAR_SYMLINK, 0777, "d/y", "x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x" },
		    { TAR_SYMLINK, 0777, "l", "d/y/y/y/y/y/../../../etc" } } },
		{ "hard link out", { { TAR_HARD_LINK, 0644, "h", "../out" } } },
		{ "absolute hard link", { { TAR_HARD_LINK, 0644, "h", "/etc/hostname" } } },
		{ "hard link through a link",
		  { { TAR_DIRECTORY, 0755, "d", NULL },
		    { TAR_SYMLINK, 0777, "l", "d" },
		    { TAR_HARD_LINK, 0644, "h", "l/x" } } },
	};
	struct error error;

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

static void what_leads_out_is_refused(void **state)
{
	(void)state;
	refuse_what_leads_out();
}

/* As of the sandbox of a container: openat2() says `number`. */
static void refuse_openat2(int number)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)number),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(filter) / sizeof(*filter), filter };

	assert_int_equal(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	assert_int_equal(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
	assert_int_equal(syscall(SYS_openat2, -1, "", NULL, 0), -1);
	assert_int_equal(errno, number);
}

static void what_stays_inside(void);

static void what_leads_out_is_refused_without_openat2(void **state)
{
	static const int numbers[] = { ENOSYS, EPERM, EACCES, EINVAL, E2BIG, EMFILE, EAGAIN };
	int status;

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		pid_t child = fork();

		if (!child) {
			refuse_openat2(numbers[i]);
			refuse_what_leads_out();
			what_stays_inside();
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		if (status)
			fail_msg("with errno %d", numbers[i]);
	}
}

static void what_stays_inside(void)
{
	static const struct member members[] = {
		{ TAR_DIRECTORY, 0755, ".", NULL },
		{ TAR_FILE, 0644, "./a/b/file", NULL },
		{ TAR_SYMLINK, 0777, "a/up", "../a/b/file" },
		{ TAR_SYMLINK, 0777, "dangling", "nowhere" },
		{ TAR_HARD_LINK, 0644, "h", "a/b/file" },
		{ TAR_DIRECTORY, 02755, "group", NULL },
		{ TAR_FILE, 0600, "a/b/file", NULL }, /* once more: the later one counts */
		{ TAR_HARD_LINK, 0600, "a/b/file", "./a/b//file" },
		{ TAR_FILE, 0600, "a/./b//other", NULL },
		{ TAR_SYMLINK, 0777, "loop", "loop" },
		{ TAR_SYMLINK, 0777, "a/root", ".." },
		{ TAR_SYMLINK, 0777, "around", "a/root/a/root/a/b/file" },
		{ TAR_HARD_LINK, 0777, "a/other", "around" },
	};
	struct error error;
	struct stat status;

	if (load_members(members, sizeof(members) / sizeof(*members), &error) != LOAD_TREE)
		fail_msg("%s", error.text);
	assert_int_equal(stat("loaded/a/up", &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(stat("loaded/group", &status), 0);
	assert_int_equal(status.st_mode & 07777, 0755);
	assert_int_equal(stat("loaded/around", &status), 0);
	assert_int_equal(stat("loaded/a/b/other", &status), 0);
}

static void what_stays_inside_is_taken(void **state)
{
	(void)state;
	what_stays_inside();
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

/* One link, several names: each leads elsewhere. */
static void hard_linked_links_are_saved_each_for_itself(void **state)
{
	struct error error;
	struct bytes bytes = { 0 };
	char target[128], text[128];

	(void)state;
	assert_int_equal(mkdir("names", 0755), 0);
	assert_int_equal(mkdir("names/d", 0755), 0);
	assert_int_equal(mkdir("names/d/e", 0755), 0);
	write_file("names/file", "x", 1);
	snprintf(target, sizeof(target), "%s/names/file", scratch);
	assert_int_equal(symlink(target, "names/d/in"), 0);
	assert_int_equal(link("names/d/in", "names/in"), 0);
	bytes = archive_of("names");
	write_file("object", bytes.data, bytes.size);
	assert_int_equal(load_file("object", "loaded", &error), LOAD_TREE);
	text[readlink("loaded/d/in", text, sizeof(text) - 1)] = '\0';
	assert_string_equal(text, "../file");
	text[readlink("loaded/in", text, sizeof(text) - 1)] = '\0';
	assert_string_equal(text, "file");
	assert_int_equal(symlink("../..", "names/d/e/root"), 0);
	assert_int_equal(link("names/d/e/root", "names/root"), 0);
	assert_false(pack("names", append, &bytes, &error));
	assert_non_null(strstr(error.text, "root"));
	/* By another link, which is made relative in the archive. */
	assert_int_equal(unlink("names/root"), 0);
	snprintf(target, sizeof(target), "%s/names/d", scratch);
	assert_int_equal(symlink(target, "names/d/e/up"), 0);
	assert_int_equal(symlink("d/e/up/e/up/e", "names/way"), 0);
	free(bytes.data);
	bytes = archive_of("names");
	write_file("object", bytes.data, bytes.size);
	assert_int_equal(load_file("object", "loaded", &error), LOAD_TREE);
	assert_int_equal(symlink("d/e/up/e/up/e/up/../../x", "names/zout"), 0);
	assert_false(pack("names", append, &bytes, &error));
	assert_non_null(strstr(error.text, "zout"));
	free(bytes.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_leads_out_is_refused),
		cmocka_unit_test(what_leads_out_is_refused_without_openat2),
		cmocka_unit_test(what_stays_inside_is_taken),
		cmocka_unit_test(hard_linked_links_are_saved_each_for_itself),
		cmocka_unit_test(what_could_not_be_loaded_is_not_saved),
	};

	umask(022);
	return cmocka_run_group_tests_name("archive_members", tests, enter_scratch, leave_scratch);
}
