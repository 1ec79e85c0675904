/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as the archive of a checkpoint: plain, or gzip where they begin so. What the reader
 * gives is within its bounds, and it ends.
 */
#include "checkpoint/archive/gzip_reader.h"
#include "require.h"
#include "checkpoint/archive/tar.h"
#include "checkpoint/archive/tar_reader.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define INPUT_MAX 65536

/* A header whose checksum is wrong is refused at once: they are put right, or no other line is
 * reached. */
static void put_checksums_right(unsigned char *data, size_t size)
{
	for (size_t at = 0; at + TAR_BLOCK <= size; at += TAR_BLOCK)
		if (!memcmp(data + at + 257, "ustar", 5))
			snprintf((char *)data + at + 148, 8, "%06o", tar_checksum(data + at));
}

static void check_entry(const struct tar_entry *entry, uint64_t got)
{
	uint64_t end = 0;

	require(memchr(entry->path, '\0', sizeof(entry->path)) != NULL);
	require(memchr(entry->link, '\0', sizeof(entry->link)) != NULL);
	require(entry->mtime_ns < 1000000000);
	for (size_t i = 0; entry->is_sparse && i < entry->sparse.count; i++) {
		require(entry->sparse.extents[i].offset >= end);
		end = entry->sparse.extents[i].offset + entry->sparse.extents[i].size;
		require(end <= entry->size);
	}
	require(got <= entry->size);
}

/* False where the member's data has an error. */
static bool read_data(struct tar_reader *reader, struct error *error)
{
	static char data[8192];
	uint64_t got = 0;
	int64_t count;

	while ((count = tar_reader_data(reader, data, sizeof(data), error)) > 0)
		got += (uint64_t)count;
	if (count == 0)
		check_entry(&reader->entry, got);
	return count == 0;
}

static void read_archive(struct gzip_reader *input)
{
	struct tar_reader reader = { .input = input, .name = "input" };
	struct error error;
	bool end = false;

	while (tar_reader_next(&reader, &end, &error))
		if (!read_data(&reader, &error))
			break;
	tar_reader_end(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char archive[INPUT_MAX];
	int fd = memfd_create("input", MFD_CLOEXEC);
	struct gzip_reader *input;
	struct error error;

	if (size > sizeof(archive))
		size = sizeof(archive);
	memcpy(archive, data, size);
	put_checksums_right(archive, size);
	require(fd >= 0 && write(fd, archive, size) == (ssize_t)size);
	input = gzip_reader_new(fd, size, "input", &error);
	if (input)
		read_archive(input);
	gzip_reader_free(input);
	close(fd);
	return 0;
}
