/* SPDX-License-Identifier: Apache-2.0 */
/* See save.h. */
#include "checkpoint/save.h"
#include "checkpoint/archive/pack_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE ((size_t)256 * 1024)

struct memory {
	const char *data;
	size_t size;
};

static int64_t read_memory(void *argument, void *data, size_t size, struct error *error)
{
	struct memory *memory = argument;

	(void)error;
	if (size > memory->size)
		size = memory->size;
	if (size)
		memcpy(data, memory->data, size);
	memory->data += size;
	memory->size -= size;
	return (int64_t)size;
}

bool save_bytes(struct storage *object, const void *data, size_t size, struct error *error)
{
	struct memory memory = { data, size };
	const struct storage_source source = { read_memory, &memory, -1, size };
	const struct storage_metadata metadata = { STORAGE_KIND_BYTES, true, true, size,
						   storage_checksum(0, data, size) };

	return storage_write(object, &source, &metadata, error);
}

struct descriptor {
	int fd;
	const char *name;
};

static int64_t read_descriptor(void *argument, void *data, size_t size, struct error *error)
{
	const struct descriptor *descriptor = argument;
	ssize_t count;

	do
		count = read(descriptor->fd, data, size);
	while (count < 0 && errno == EINTR);
	if (count < 0)
		error_set(error, ERROR_SYSTEM, errno, descriptor->name, "can't read it");
	return count;
}

bool save_stream(struct storage *object, int fd, struct error *error)
{
	struct descriptor descriptor = { fd, "standard input" };
	const struct storage_source source = { read_descriptor, &descriptor, -1,
					       STORAGE_SIZE_UNKNOWN };
	const struct storage_metadata metadata = { .kind = STORAGE_KIND_BYTES };

	return storage_write(object, &source, &metadata, error);
}

/* In a store across a network metadata goes ahead of the bytes. */
static bool add_checksum(int fd, struct storage_metadata *metadata)
{
	char *buffer = malloc(PIECE);
	uint64_t offset = 0;
	ssize_t count = -1;

	while (buffer && (count = pread(fd, buffer, PIECE, (off_t)offset)) > 0) {
		metadata->checksum = storage_checksum(metadata->checksum, buffer, (size_t)count);
		offset += (uint64_t)count;
	}
	free(buffer);
	/* What can't be read says so when it is sent. */
	metadata->has_checksum = count == 0 && offset == metadata->size;
	return metadata->has_checksum;
}

bool save_file(struct storage *object, int fd, enum storage_kind kind, struct error *error)
{
	struct descriptor descriptor = { fd, object->url };
	struct storage_source source = { read_descriptor, &descriptor, fd, 0 };
	struct storage_metadata metadata = { .kind = kind, .has_size = true };
	struct stat status;

	if (fstat(fd, &status) < 0)
		return error_set(error, ERROR_SYSTEM, errno, object->url,
				 "can't look at what is to be saved");
	source.size = metadata.size = (uint64_t)status.st_size;
	if (!storage_local_path(object->url))
		add_checksum(fd, &metadata);
	return storage_write(object, &source, &metadata, error);
}

static bool save_directory(struct storage *object, const char *path, struct error *error)
{
	struct pack_stream stream;
	const struct storage_source source = { pack_stream_read, &stream, -1,
					       STORAGE_SIZE_UNKNOWN };
	const struct storage_metadata metadata = { .kind = STORAGE_KIND_DIRECTORY };
	bool good;

	if (!pack_stream_open(&stream, path, error))
		return false;
	good = storage_write(object, &source, &metadata, error);
	pack_stream_close(&stream);
	return good;
}

bool save_path(struct storage *object, const char *path, struct error *error)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	bool good;

	if (fd < 0)
		return error_set(error, ERROR_INVALID, errno, path, "can't open it");
	if (fstat(fd, &status) < 0)
		good = error_set(error, ERROR_SYSTEM, errno, path, "can't look at it");
	else if (S_ISDIR(status.st_mode))
		good = save_directory(object, path, error);
	else if (S_ISREG(status.st_mode))
		good = save_file(object, fd, STORAGE_KIND_FILE, error);
	else
		good = error_set(error, ERROR_INVALID, EINVAL, path,
				 "it is neither a file nor a directory");
	close(fd);
	return good;
}
