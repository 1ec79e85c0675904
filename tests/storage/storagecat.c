/* SPDX-License-Identifier: Apache-2.0 */
/*
 * storagecat - a store by hand: what the tests of the stores call.
 *
 *	storagecat get URL [FILE]               to standard output, or into a file
 *	storagecat put URL [FILE]               from standard input, or a file
 *	storagecat stat URL                     size, ETag and our metadata
 *	storagecat range URL OFFSET LENGTH [ETAG]
 *	storagecat remove URL
 *
 * Exit 1 with the error's class and text; `put` with STORAGECAT_CANCEL=BYTES cancels from there on.
 */
#include "storage/storage.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int report(const struct error *error)
{
	static const char *const names[] = { "",          "ABSENT",  "DENIED",
					     "TRANSIENT", "CORRUPT", "CHANGED",
					     "CANCELLED", "INVALID", "SYSTEM" };

	fprintf(stderr, "%s: %s\n", names[error->failure], error->text);
	return 1;
}

static int64_t read_fd(void *argument, void *data, size_t size, struct error *error)
{
	ssize_t count = read(*(int *)argument, data, size);

	if (count < 0)
		error_set(error, 0, errno, "standard input", "can't read");
	return count;
}

static bool write_fd(void *argument, const void *data, size_t size, struct error *error)
{
	const char *at = data;

	while (size) {
		ssize_t count = write(*(int *)argument, at, size);

		if (count < 0)
			return error_set(error, 0, errno, "standard output", "can't write");
		at += count;
		size -= (size_t)count;
	}
	return true;
}

static bool cancel_from(void *argument, uint64_t done, uint64_t total)
{
	(void)total;
	return done < *(uint64_t *)argument;
}

static bool put(struct storage *object, const char *file, struct error *error)
{
	struct storage_metadata metadata = { .kind = file ? STORAGE_KIND_FILE
							  : STORAGE_KIND_BYTES };
	struct storage_source source = { .fd = -1, .size = STORAGE_SIZE_UNKNOWN };
	int fd = STDIN_FILENO;
	struct stat status;

	if (file) {
		fd = open(file, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || fstat(fd, &status) < 0)
			return error_set(error, 0, errno, file, "can't open");
		source.fd = fd;
		source.size = (uint64_t)status.st_size;
	}
	source.read = read_fd;
	source.argument = &fd;
	return storage_write(object, &source, &metadata, error);
}

static bool get(struct storage *object, const struct storage_range *range, const char *etag,
		const char *file, struct error *error)
{
	struct storage_sink sink = { .fd = -1 };
	int fd = STDOUT_FILENO;

	if (file) {
		fd = open(file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		if (fd < 0)
			return error_set(error, 0, errno, file, "can't open");
		sink.fd = fd;
	} else {
		sink.write = write_fd;
		sink.argument = &fd;
	}
	return storage_read(object, range, etag, &sink, error);
}

static bool show(struct storage *object, struct error *error)
{
	char text[STORAGE_METADATA_MAX];
	struct storage_status status;

	if (!storage_stat(object, &status, error))
		return false;
	storage_metadata_text(&status.metadata, text);
	printf("size=%" PRIu64 " etag=%s metadata=%s\n", status.size, status.etag, text);
	return true;
}

int main(int argc, char *argv[])
{
	const char *cancel = getenv("STORAGECAT_CANCEL"), *command = argc > 2 ? argv[1] : "";
	uint64_t limit = cancel ? strtoull(cancel, NULL, 10) : 0;
	struct storage_progress progress = { cancel ? cancel_from : NULL, &limit };
	struct storage_range range = { 0, STORAGE_SIZE_UNKNOWN };
	struct error error;
	struct storage *object;
	bool good = false;

	object = argc > 2 ? storage_open(argv[2], &progress, &error) : NULL;
	if (argc > 2 && !object)
		return report(&error);
	if (strcmp(command, "get") == 0) {
		good = get(object, &range, NULL, argv[3], &error);
	} else if (strcmp(command, "put") == 0) {
		good = put(object, argv[3], &error);
	} else if (strcmp(command, "stat") == 0) {
		good = show(object, &error);
	} else if (strcmp(command, "remove") == 0) {
		good = storage_remove(object, &error);
	} else if (strcmp(command, "range") == 0 && argc > 4) {
		range.offset = strtoull(argv[3], NULL, 10);
		range.length = strtoull(argv[4], NULL, 10);
		good = get(object, &range, argv[5], NULL, &error);
	} else {
		fputs("usage: storagecat get|put|stat|range|remove URL ...\n", stderr);
		return 2;
	}
	storage_close(object);
	return good ? 0 : report(&error);
}
