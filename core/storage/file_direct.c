/* SPDX-License-Identifier: Apache-2.0 */
/* See file_direct.h. */
#include "file_direct.h"
#include "file_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

/* Small enough for a core's cache, so that the checksum finds the bytes there. */
#define PIECE ((size_t)256 * 1024)

/* What is written at a time: long enough that a disk has enough to do. */
#define STRIDE ((size_t)8 * 1024 * 1024)

bool file_direct_begin(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && fcntl(fd, F_SETFL, flags | O_DIRECT) == 0;
}

static bool end_direct(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && fcntl(fd, F_SETFL, flags & ~O_DIRECT) == 0;
}

static int64_t read_source(struct storage *object, const struct storage_source *source, char *data,
			   size_t size, uint64_t offset, struct storage_error *error)
{
	ssize_t count;

	if (source->fd < 0)
		return source->read(source->argument, data, size, error);
	count = file_read_some(source->fd, data, size, offset);
	if (count < 0)
		storage_fail(error, STORAGE_SYSTEM, errno, object->url,
			     "can't read what is to be saved");
	return count;
}

/* A stride of the source but for its end, added to what is copied; -1 with the error. */
static int64_t take(struct storage *object, const struct storage_source *source, char *buffer,
		    struct storage_metadata *copied, struct storage_error *error)
{
	size_t got = 0;

	while (got < STRIDE) {
		size_t size = STRIDE - got < PIECE ? STRIDE - got : PIECE;
		int64_t count =
			read_source(object, source, buffer + got, size, copied->size, error);

		if (count < 0)
			return -1;
		if (!count)
			break;
		copied->checksum = storage_checksum(copied->checksum, buffer + got, (size_t)count);
		copied->size += (uint64_t)count;
		got += (size_t)count;
	}
	return (int64_t)got;
}

/* A length that is no multiple of the disk's blocks goes through the cache, and so does all from
 * there on; likewise where a file system has direct writes but refuses this one. */
static bool write_stride(int fd, const char *data, size_t size, uint64_t offset)
{
	if (size == STRIDE && file_write_all(fd, data, size, offset))
		return true;
	if (size == STRIDE && errno != EINVAL)
		return false;
	return end_direct(fd) && file_write_all(fd, data, size, offset);
}

bool file_direct_copy(struct storage *object, const struct storage_source *source, int fd,
		      struct storage_metadata *copied, struct storage_error *error)
{
	/* Direct writes want it aligned. */
	char *buffer =
		mmap(NULL, STRIDE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool good = buffer != MAP_FAILED;
	int64_t count = 0;

	if (!good)
		return storage_fail(error, STORAGE_SYSTEM, ENOMEM, object->url, "can't write it");
	while (good && (count = take(object, source, buffer, copied, error)) > 0) {
		uint64_t start = copied->size - (uint64_t)count;

		good = write_stride(fd, buffer, (size_t)count, start) ||
		       storage_fail(error, STORAGE_SYSTEM, errno, object->url, "can't write it");
		good = good && storage_report(object, copied->size, source->size, error);
	}
	munmap(buffer, STRIDE);
	return good && count == 0;
}
