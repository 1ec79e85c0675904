/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Archives that are unpacked for real, in a directory of their own (SPEC 4.10): nothing comes to be
 * outside, no link leads there, all of it can be removed again, and what was taken can be saved and
 * loaded, as the same tree.
 *
 * An input is a list of members, a few bytes each, of names that meet often. Where its first byte
 * is odd, the rest is a tar as it stands.
 */
#include "checkpoint/archive/gzip_writer.h"
#include "checkpoint/archive/pack.h"
#include "checkpoint/archive/tar.h"
#include "checkpoint/archive/unpack.h"
#include "local/tree_remove.h"
#include "require.h"

#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Three levels down, so that what goes up by a few is still seen. */
#define PLACE "a/b/c"

static char scratch[64], place[128];

static void end(void)
{
	require(chdir("/") == 0 && tree_remove(AT_FDCWD, scratch));
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	snprintf(scratch, sizeof(scratch), "%s/flytectx-fuzz-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	require(mkdtemp(scratch) && chdir(scratch) == 0);
	require(mkdir("a", 0700) == 0 && mkdir("a/b", 0700) == 0 && mkdir(PLACE, 0700) == 0);
	require(realpath(PLACE, place) != NULL);
	require(atexit(end) == 0);
	return 0;
}

/* --- archives ---------------------------------------------------------------------------- */

static bool to_file(void *argument, const void *data, size_t size, struct error *error)
{
	(void)error;
	return write(*(int *)argument, data, size) == (ssize_t)size;
}

/* Up to seven parts, three bits each. */
static void name_of(unsigned bits, char name[64], bool is_link)
{
	static const char *const parts[] = { "a", "b", "d", "l", "x", "..", ".", "" };

	*name = '\0';
	for (int i = 0; i < 7; i++, bits >>= 3) {
		const char *part = parts[bits & 7];

		if (!*part || (i == 6 && !is_link))
			return;
		strcat(strcat(name, i ? "/" : ""), part);
	}
}

static unsigned number_of(const uint8_t bytes[3])
{
	return bytes[0] | (unsigned)bytes[1] << 8 | (unsigned)bytes[2] << 16;
}

static void put_member(struct gzip_writer *gzip, const uint8_t bytes[7])
{
	static const char types[] = "012561223";
	struct tar_entry entry = { .mode = 0700, .mtime = bytes[6] };
	struct tar_text header;
	struct error error;

	entry.type = (enum tar_type)types[bytes[0] % (sizeof(types) - 1)];
	name_of(number_of(bytes + 1), entry.path, false);
	name_of(number_of(bytes + 4), entry.link, true);
	require(tar_header(&entry, &header));
	require(gzip_writer_put(gzip, header.data, header.size, &error));
	free(header.data);
}

static int archive_of_members(const uint8_t *data, size_t size)
{
	static const char zeros[2 * TAR_BLOCK];
	int fd = memfd_create("archive", MFD_CLOEXEC);
	struct gzip_writer *gzip = gzip_writer_new(to_file, &fd);
	struct error error;

	require(fd >= 0 && gzip);
	for (; size >= 7; data += 7, size -= 7)
		put_member(gzip, data);
	require(gzip_writer_put(gzip, zeros, sizeof(zeros), &error));
	require(gzip_writer_end(gzip, &error));
	gzip_writer_free(gzip);
	return fd;
}

/* A header whose checksum is wrong is refused at once: they are put right. */
static int archive_as_it_stands(const uint8_t *data, size_t size)
{
	int fd = memfd_create("archive", MFD_CLOEXEC);
	unsigned char block[TAR_BLOCK];

	require(fd >= 0);
	for (size_t at = 0; at < size; at += TAR_BLOCK) {
		size_t length = size - at < TAR_BLOCK ? size - at : TAR_BLOCK;

		memcpy(block, data + at, length);
		if (length == TAR_BLOCK && !memcmp(block + 257, "ustar", 5))
			snprintf((char *)block + 148, 8, "%06o", tar_checksum(block));
		require(write(fd, block, length) == (ssize_t)length);
	}
	return fd;
}

static int archive_of_tree(void)
{
	int fd = memfd_create("archive", MFD_CLOEXEC);
	struct error error;

	require(fd >= 0 && pack(PLACE "/in", to_file, &fd, &error));
	return fd;
}

/* --- what must hold ---------------------------------------------------------------------- */

static bool unpack_in(int fd)
{
	static const struct storage_progress silent;
	struct error error;
	struct gzip_reader *input;
	uint64_t size = (uint64_t)lseek(fd, 0, SEEK_END);
	bool good;
	int root;

	require(mkdir(PLACE "/in", 0700) == 0);
	root = open(PLACE "/in", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	input = gzip_reader_new(fd, size, "input", &error);
	require(root >= 0 && input);
	good = unpack(input, "input", root, size, &silent, &error);
	gzip_reader_free(input);
	close(root);
	return good;
}

static void check_link(const char *path)
{
	char link[64], real[PATH_MAX];
	int fd = open(path, O_PATH | O_CLOEXEC);
	ssize_t length;

	/* What is missing on the way can be made later, at the end of it at least. */
	if (fd < 0)
		fd = open(path, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, real, sizeof(real) - 1);
	require(length > 0);
	real[length] = '\0';
	close(fd);
	require(!strncmp(real, place, strlen(place)) && !strncmp(real + strlen(place), "/in", 3));
}

/* All that is below the scratch directory but in the tree: nothing new. */
static void check_outside(bool is_taken)
{
	char *const roots[] = { scratch, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	const FTSENT *entry;
	size_t outside = 0;

	require(tree != NULL);
	while ((entry = fts_read(tree))) {
		if (entry->fts_level <= 4)
			outside += entry->fts_info != FTS_DP;
		else if (is_taken && (entry->fts_info == FTS_SL || entry->fts_info == FTS_SLNONE))
			check_link(entry->fts_path);
	}
	fts_close(tree);
	require(outside == 5);
}

/* The tar in an archive: how it is compressed may differ. */
static size_t read_tar(int fd, char *data, size_t room)
{
	struct error error;
	struct gzip_reader *reader =
		gzip_reader_new(fd, (uint64_t)lseek(fd, 0, SEEK_END), "archive", &error);
	int64_t size;

	require(reader != NULL);
	size = gzip_reader_get(reader, data, room, &error);
	require(size > 0 && (size_t)size < room);
	gzip_reader_free(reader);
	return (size_t)size;
}

static void check_same(int one, int other)
{
	static char a[4 << 20], b[4 << 20];
	size_t size = read_tar(one, a, sizeof(a));

	require(read_tar(other, b, sizeof(b)) == size && !memcmp(a, b, size));
}

static void check_round_trip(void)
{
	int one = archive_of_tree(), other;

	require(tree_remove(AT_FDCWD, PLACE "/in"));
	require(unpack_in(one));
	other = archive_of_tree();
	check_same(one, other);
	close(one);
	close(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool good;
	int fd;

	if (!size)
		return 0;
	fd = (*data & 1 ? archive_as_it_stands : archive_of_members)(data + 1, size - 1);
	good = unpack_in(fd);
	close(fd);
	check_outside(false);
	if (good) {
		check_round_trip();
		check_outside(true);
	}
	require(tree_remove(AT_FDCWD, PLACE "/in"));
	return 0;
}
