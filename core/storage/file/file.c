/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file - file:// and plain paths (SPEC 4.8). A save writes a temporary file beside the target,
 * syncs it, renames it over the target and syncs the directory: readers have the old file or the
 * new one, whole, whatever is killed when, and the new one survives a power cut once the call
 * returns.
 *
 * Our metadata is a user attribute of the file. The SDK writes in place, where attributes stay: so
 * ours says of which modification time it speaks, and is ignored at any other.
 */
#include "storage/file/file_copy.h"
#include "storage/file/file_target.h"
#include "storage/file/file_temp.h"
#include "storage/storage.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define ATTRIBUTE     "user." STORAGE_METADATA_NAME
#define ATTRIBUTE_MAX 160

struct file {
	struct storage storage; /* first */
	char *path;
};

static const char *path_of(const struct storage *object)
{
	return ((const struct file *)object)->path;
}

static void mtime_text(const struct stat *status, char text[48])
{
	snprintf(text, 48, " mtime=%" PRId64 ".%09ld", (int64_t)status->st_mtim.tv_sec,
		 status->st_mtim.tv_nsec);
}

static void read_attribute(int fd, const struct stat *status, struct storage_metadata *metadata)
{
	char text[ATTRIBUTE_MAX], mtime[48];
	ssize_t length = fgetxattr(fd, ATTRIBUTE, text, sizeof(text) - 1);

	if (length <= 0)
		return;
	text[length] = '\0';
	mtime_text(status, mtime);
	if (strstr(text, mtime))
		storage_metadata_read(text, metadata);
}

/* Best effort: not each file system has user attributes. */
static void write_attribute(int fd, const struct storage_metadata *metadata)
{
	char text[ATTRIBUTE_MAX];
	size_t length = storage_metadata_text(metadata, text);
	struct stat status;

	if (fstat(fd, &status) < 0)
		return;
	mtime_text(&status, text + length);
	fsetxattr(fd, ATTRIBUTE, text, strlen(text), 0);
}

void storage_file_tag(const struct stat *file, char etag[STORAGE_TAG_MAX])
{
	snprintf(etag, STORAGE_TAG_MAX, "%jx-%jx-%jx-%" PRId64 ".%09ld-%" PRId64 ".%09ld",
		 (uintmax_t)file->st_dev, (uintmax_t)file->st_ino, (uintmax_t)file->st_size,
		 (int64_t)file->st_mtim.tv_sec, file->st_mtim.tv_nsec,
		 (int64_t)file->st_ctim.tv_sec, file->st_ctim.tv_nsec);
}

/* Is it still as it was? The SDK writes in place. */
static bool check_unchanged(struct storage *object, int fd, const struct storage_status *status,
			    struct error *error)
{
	char etag[STORAGE_TAG_MAX];
	struct stat now;

	if (fstat(fd, &now) < 0)
		return error_set(error, ERROR_SYSTEM, errno, object->url, "can't look at it");
	storage_file_tag(&now, etag);
	/* Its name may be gone: then a new one has it, and this is the old object, whole. */
	return !strcmp(etag, status->etag) || !now.st_nlink ||
	       error_set(error, ERROR_CHANGED, ESTALE, object->url,
			 "it was written to while it was read");
}

/* Opens the object and says what it is. -1 with the error. */
static int open_object(struct storage *object, struct storage_status *status, struct error *error)
{
	/* O_NONBLOCK: nobody may be writing to a FIFO. */
	int fd = open(path_of(object), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat file;

	if (fd < 0) {
		error_set(error, 0, errno, object->url, "can't open it");
		return -1;
	}
	if (fstat(fd, &file) < 0) {
		error_set(error, ERROR_SYSTEM, errno, object->url, "can't look at it");
		close(fd);
		return -1;
	}
	if (!S_ISREG(file.st_mode)) {
		error_set(error, ERROR_INVALID, S_ISDIR(file.st_mode) ? EISDIR : EINVAL,
			  object->url, "it is no regular file");
		close(fd);
		return -1;
	}
	status->size = (uint64_t)file.st_size;
	storage_file_tag(&file, status->etag);
	read_attribute(fd, &file, &status->metadata);
	return fd;
}

static bool file_stat(struct storage *object, struct storage_status *status, struct error *error)
{
	int fd = open_object(object, status, error);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static bool file_read(struct storage *object, const struct storage_range *range, const char *etag,
		      const struct storage_sink *sink, struct error *error)
{
	struct storage_status status = { 0 };
	int fd = open_object(object, &status, error);
	uint64_t length;
	bool done;

	if (fd < 0)
		return false;
	if (etag && strcmp(etag, status.etag) != 0) {
		close(fd);
		return error_set(error, ERROR_CHANGED, 0, object->url,
				 "it was replaced while it was read");
	}
	length = range->offset < status.size ? status.size - range->offset : 0;
	if (length > range->length)
		length = range->length;
	done = file_copy_out(object, fd, range->offset, length, sink, error) &&
	       check_unchanged(object, fd, &status, error);
	close(fd);
	return done;
}

/* The whole content and its attribute, on the disk. */
static bool fill(struct storage *object, const struct storage_source *source, int fd,
		 const struct storage_metadata *metadata, struct error *error)
{
	struct storage_metadata copied = { .kind = metadata->kind };

	if (!file_copy_in(object, source, fd, &copied, error))
		return false;
	if (metadata->has_checksum && metadata->checksum != copied.checksum)
		return error_set(error, ERROR_CORRUPT, 0, object->url,
				 "what was written is not what was to be");
	write_attribute(fd, &copied);
	if (fsync(fd) < 0)
		return error_set(error, ERROR_SYSTEM, errno, object->url, "can't sync it");
	return true;
}

static bool replace(struct storage *object, const struct file_target *target, const char *temp,
		    struct error *error)
{
	if (renameat(target->directory, temp, target->directory, target->name) < 0)
		return error_set(error, 0, errno, object->url, "can't put it in place");
	/* Others than EIO and the like: a file system that does not know how, or not of
	 * directories. */
	if (fsync(target->directory) < 0 && (errno == EIO || errno == ENOSPC || errno == EDQUOT))
		return error_set(error, ERROR_SYSTEM, errno, object->url,
				 "it is in place, but its directory can't be synced");
	return true;
}

static bool file_write(struct storage *object, const struct storage_source *source,
		       const struct storage_metadata *metadata, struct error *error)
{
	struct file_target target;
	char temp[FILE_TEMP_MAX];
	bool done = false;
	int fd;

	if (!file_target_open(path_of(object), &target, error))
		return false;
	file_temp_clean(target.directory, target.name);
	fd = file_temp_make(target.directory, target.name, temp);
	if (fd < 0) {
		error_set(error, 0, errno, object->url, "can't make a temporary file beside it");
	} else {
		done = fill(object, source, fd, metadata, error) &&
		       replace(object, &target, temp, error);
		if (!done)
			unlinkat(target.directory, temp, 0);
		/* Only now: while it is open it is locked, and nobody takes it for a dead one's. */
		close(fd);
	}
	close(target.directory);
	return done;
}

static bool file_remove(struct storage *object, struct error *error)
{
	if (unlink(path_of(object)) == 0 || errno == ENOENT || errno == ENOTDIR)
		return true;
	return error_set(error, 0, errno, object->url, "can't remove it");
}

static void file_close(struct storage *object)
{
	struct file *file = (struct file *)object;

	free(file->path);
	free(file);
}

struct storage *storage_file_open(const char *url, struct error *error)
{
	static const struct storage_operations operations = {
		.stat = file_stat,
		.read = file_read,
		.write = file_write,
		.remove = file_remove,
		.close = file_close,
	};
	const char *path = storage_local_path(url);
	struct file *file = calloc(1, sizeof(*file));

	if (file && *path)
		file->path = strdup(path);
	if (file && file->path) {
		file->storage.operations = &operations;
		return &file->storage;
	}
	free(file);
	error_set(error, *path ? ERROR_SYSTEM : ERROR_INVALID, *path ? ENOMEM : EINVAL, url,
		  "can't be a file");
	return NULL;
}
