/* SPDX-License-Identifier: Apache-2.0 */
/* See pack_file.h. */
#include "checkpoint/archive/pack_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Holes in a smaller file are not worth a map. */
#define HOLES_MIN ((off_t)64 * 1024)

static bool add_extent(struct tar_sparse *sparse, off_t offset, off_t end)
{
	void *more = sparse->extents;

	if (!(sparse->count & (sparse->count - 1)))
		more = realloc(sparse->extents,
			       (2 * sparse->count + 1) * sizeof(struct tar_extent));
	if (!more)
		return false;
	sparse->extents = more;
	sparse->extents[sparse->count++] =
		(struct tar_extent) { (uint64_t)offset, (uint64_t)(end - offset) };
	return true;
}

/*
 * Where there is data. The list ends with an empty extent at the end of the file where that is a
 * hole, as GNU tar writes it. False: no memory, or the file system can't say.
 */
static bool find_extents(int fd, off_t size, struct tar_sparse *sparse)
{
	off_t data, hole = 0;

	while ((data = lseek(fd, hole, SEEK_DATA)) >= 0 && data < size) {
		hole = lseek(fd, data, SEEK_HOLE);
		if (hole < 0)
			return false;
		if (hole > size)
			hole = size;
		if (!add_extent(sparse, data, hole))
			return false;
	}
	if (data < 0 && errno != ENXIO)
		return false;
	return hole == size || add_extent(sparse, size, size);
}

static bool put_extent(struct pack *pack, int fd, struct tar_extent extent)
{
	while (extent.size) {
		size_t size = extent.size < PACK_BUFFER ? (size_t)extent.size : PACK_BUFFER;
		ssize_t count = pread(fd, pack->buffer, size, (off_t)extent.offset);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return pack_fail(pack, errno, "can't read it");
		if (!count)
			return error_set(pack->error, ERROR_CHANGED, ESTALE, pack->directory,
					 "%s has become shorter while it was saved",
					 pack->entry.path);
		if (!gzip_writer_put(pack->gzip, pack->buffer, (size_t)count, pack->error))
			return false;
		extent.offset += (uint64_t)count;
		extent.size -= (uint64_t)count;
	}
	return true;
}

static bool put_data(struct pack *pack, int fd)
{
	static const char zeros[TAR_BLOCK];
	const struct tar_entry *entry = &pack->entry;
	uint64_t stored = entry->is_sparse ? 0 : entry->size;

	if (!put_extent(pack, fd, (struct tar_extent) { 0, stored }))
		return false;
	for (size_t i = 0; entry->is_sparse && i < entry->sparse.count; i++) {
		if (!put_extent(pack, fd, entry->sparse.extents[i]))
			return false;
		stored += entry->sparse.extents[i].size;
	}
	return gzip_writer_put(pack->gzip, zeros, tar_padding(stored), pack->error);
}

static bool put_file(struct pack *pack, int fd)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return pack_fail(pack, errno, "can't look at it");
	pack->entry.size = (uint64_t)status.st_size;
	pack->entry.mtime = status.st_mtim.tv_sec;
	pack->entry.mtime_ns = (uint32_t)status.st_mtim.tv_nsec;
	pack->entry.is_sparse = status.st_size >= HOLES_MIN &&
				status.st_blocks * (off_t)512 < status.st_size &&
				find_extents(fd, status.st_size, &pack->entry.sparse);
	return pack_put_header(pack) && put_data(pack, fd);
}

bool pack_file(struct pack *pack, int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool good;

	if (fd < 0)
		return pack_fail(pack, errno, "can't open it");
	good = put_file(pack, fd);
	free(pack->entry.sparse.extents);
	pack->entry.sparse = (struct tar_sparse) { 0 };
	close(fd);
	return good;
}
