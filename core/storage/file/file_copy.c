/* SPDX-License-Identifier: Apache-2.0 */
/* See file_copy.h. */
#include "storage/file/file_copy.h"
#include "storage/file/file_direct.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Small enough for a core's cache, so that the checksum finds the bytes there. */
#define PIECE ((size_t)256 * 1024)

/* What is copied in the kernel at a time, between two reports. */
#define STRIDE ((size_t)8 * 1024 * 1024)

bool file_write_all(int fd, const char *data, size_t size, uint64_t offset)
{
	while (size) {
		ssize_t count = pwrite(fd, data, size, (off_t)offset);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		data += count;
		size -= (size_t)count;
		offset += (uint64_t)count;
	}
	return true;
}

ssize_t file_read_some(int fd, char *data, size_t size, uint64_t offset)
{
	size_t got = 0;

	while (got < size) {
		ssize_t count = pread(fd, data + got, size - got, (off_t)(offset + got));

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -1;
		if (!count)
			break;
		got += (size_t)count;
	}
	return (ssize_t)got;
}

/* At most `size` bytes of `from`; what the kernel can't copy by itself goes through `buffer`. */
static ssize_t copy_some(int from, uint64_t from_offset, int to, uint64_t to_offset, size_t size,
			 char *buffer)
{
	off_t in = (off_t)from_offset, out = (off_t)to_offset;
	ssize_t count = copy_file_range(from, &in, to, &out, size, 0);

	/* 0 is said by files of /proc too, that have bytes all the same. */
	if (count > 0)
		return count;
	if (count < 0 && (errno == ENOSPC || errno == EIO || errno == EDQUOT || errno == EFBIG))
		return -1;
	count = file_read_some(from, buffer, size < PIECE ? size : PIECE, from_offset);
	if (count > 0 && !file_write_all(to, buffer, (size_t)count, to_offset))
		return -1;
	return count;
}

/* Of the copy, not of the source: that may be changing under us. */
static bool add_checksum(int fd, uint64_t offset, size_t size, char *buffer, uint64_t *checksum)
{
	while (size) {
		ssize_t count = file_read_some(fd, buffer, size < PIECE ? size : PIECE, offset);

		if (count <= 0)
			return false;
		*checksum = storage_checksum(*checksum, buffer, (size_t)count);
		offset += (uint64_t)count;
		size -= (size_t)count;
	}
	return true;
}

static bool copy_file(struct storage *object, const struct storage_source *source, int fd,
		      char *buffer, struct storage_metadata *copied, struct error *error)
{
	for (;;) {
		ssize_t count =
			copy_some(source->fd, copied->size, fd, copied->size, STRIDE, buffer);

		if (count < 0)
			return error_set(error, ERROR_SYSTEM, errno, object->url,
					 "can't copy the file there");
		if (!count)
			return true;
		if (!add_checksum(fd, copied->size, (size_t)count, buffer, &copied->checksum))
			return error_set(error, ERROR_SYSTEM, errno, object->url,
					 "can't read what was written");
		/* So that the disk writes while we copy. Only a hint. */
		sync_file_range(fd, (off_t)copied->size, count, SYNC_FILE_RANGE_WRITE);
		copied->size += (uint64_t)count;
		if (!storage_report(object, copied->size, source->size, error))
			return false;
	}
}

/* Where the file system can share blocks nothing is copied at all: the one read is for the
 * checksum, of the copy, which no longer changes with the source. */
static bool is_clone(const struct storage_source *source, int fd)
{
	return source->fd >= 0 && ioctl(fd, FICLONE, source->fd) == 0;
}

static bool sum_clone(struct storage *object, int fd, char *buffer, struct storage_metadata *copied,
		      struct error *error)
{
	ssize_t count;

	while ((count = file_read_some(fd, buffer, PIECE, copied->size)) > 0) {
		copied->checksum = storage_checksum(copied->checksum, buffer, (size_t)count);
		copied->size += (uint64_t)count;
		if (!storage_report(object, copied->size, STORAGE_SIZE_UNKNOWN, error))
			return false;
	}
	return count == 0 ||
	       error_set(error, ERROR_SYSTEM, errno, object->url, "can't read what was written");
}

static bool copy_stream(struct storage *object, const struct storage_source *source, int fd,
			char *buffer, struct storage_metadata *copied, struct error *error)
{
	for (;;) {
		int64_t count = source->read(source->argument, buffer, PIECE, error);

		if (count < 0)
			return false;
		if (!count)
			return true;
		if (!file_write_all(fd, buffer, (size_t)count, copied->size))
			return error_set(error, ERROR_SYSTEM, errno, object->url, "can't write it");
		copied->checksum = storage_checksum(copied->checksum, buffer, (size_t)count);
		copied->size += (uint64_t)count;
		if (copied->size % STRIDE < (uint64_t)count)
			sync_file_range(fd, (off_t)(copied->size - copied->size % STRIDE - STRIDE),
					STRIDE, SYNC_FILE_RANGE_WRITE);
		if (!storage_report(object, copied->size, source->size, error))
			return false;
	}
}

/* Room for all of it at once, so that a disk that is too full says so now. */
static bool take_room(const struct storage_source *source, int fd)
{
	return source->size == STORAGE_SIZE_UNKNOWN || source->size == 0 ||
	       fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)source->size) == 0 ||
	       (errno != ENOSPC && errno != EDQUOT && errno != EFBIG);
}

static bool is_long(const struct storage_source *source)
{
	return source->size != STORAGE_SIZE_UNKNOWN && source->size >= FILE_DIRECT_FROM;
}

bool file_copy_in(struct storage *object, const struct storage_source *source, int fd,
		  struct storage_metadata *copied, struct error *error)
{
	char *buffer = malloc(PIECE), *memory;
	bool done;

	if (!buffer)
		return error_set(error, ERROR_SYSTEM, ENOMEM, object->url, "can't write it");
	copied->has_size = copied->has_checksum = true;
	copied->size = copied->checksum = 0;
	if (is_clone(source, fd))
		done = sum_clone(object, fd, buffer, copied, error);
	else if (!take_room(source, fd))
		done = error_set(error, ERROR_SYSTEM, errno, object->url, "can't write it");
	else if (is_long(source) && (memory = file_direct_begin(fd)))
		done = file_direct_copy(object, source, fd, memory, copied, error);
	else
		done = (source->fd >= 0 ? copy_file : copy_stream)(object, source, fd, buffer,
								   copied, error);
	free(buffer);
	return done;
}

/* One step of file_copy_out(): what was handed on, 0 at the end, -1 with the error. */
static ssize_t hand_on(struct storage *object, int fd, uint64_t offset, size_t size,
		       const struct storage_sink *sink, uint64_t to_offset, char *buffer,
		       struct error *error)
{
	ssize_t count;

	if (!sink->write)
		count = copy_some(fd, offset, sink->fd, to_offset, size, buffer);
	else
		count = file_read_some(fd, buffer, size < PIECE ? size : PIECE, offset);
	if (count < 0)
		error_set(error, ERROR_SYSTEM, errno, object->url,
			  sink->write ? "can't read it" : "can't copy it");
	if (count > 0 && sink->write && !sink->write(sink->argument, buffer, (size_t)count, error))
		return -1;
	return count;
}

bool file_copy_out(struct storage *object, int fd, uint64_t offset, uint64_t length,
		   const struct storage_sink *sink, struct error *error)
{
	char *buffer = malloc(PIECE);
	uint64_t done = 0;
	bool good = true;

	if (!buffer)
		return error_set(error, ERROR_SYSTEM, ENOMEM, object->url, "can't read it");
	while (good && done < length) {
		size_t size = length - done < STRIDE ? (size_t)(length - done) : STRIDE;
		ssize_t count = hand_on(object, fd, offset + done, size, sink, done, buffer, error);

		good = count > 0;
		if (!count)
			error_set(error, ERROR_CORRUPT, 0, object->url,
				  "it has become shorter while it was read");
		if (good)
			done += (uint64_t)count;
		good = good && storage_report(object, done, length, error);
	}
	free(buffer);
	return good;
}
