/* SPDX-License-Identifier: Apache-2.0 */
/* See load.h. */
#include "checkpoint/load.h"
#include "checkpoint/archive/gzip_reader.h"
#include "checkpoint/archive/tar_reader.h"
#include "checkpoint/archive/unpack.h"
#include "local/tree_remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How often an object may be replaced under us before we say so. */
#define TRIES   5
#define PIECE   ((size_t)256 * 1024)
#define SCRATCH "object"

struct load {
	struct storage *object;
	struct storage_status status;
	int target, scratch;
	int fd;    /* the object's bytes, on this machine */
	int *kept; /* NULL, or where it goes afterwards */
	bool is_scratch;
	struct error *error;
};

static bool fail(struct load *load, const char *why)
{
	return error_set(load->error, ERROR_SYSTEM, errno, load->object->url, "%s", why);
}

static bool corrupt(struct load *load, const char *why)
{
	return error_set(load->error, ERROR_CORRUPT, EBADMSG, load->object->url, "%s", why);
}

/* --- the bytes --------------------------------------------------------------------------- */

static bool fetch(struct load *load)
{
	const struct storage_range all = { 0, STORAGE_SIZE_UNKNOWN };
	struct storage_sink sink = { 0 };
	struct stat file;

	load->fd = openat(load->scratch, SCRATCH, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	load->is_scratch = load->fd >= 0;
	if (load->fd < 0)
		return fail(load, "can't make a file for it");
	sink.fd = load->fd;
	if (!storage_read(load->object, &all, load->status.etag, &sink, load->error))
		return false;
	if (fstat(load->fd, &file) < 0)
		return fail(load, "can't look at it");
	return (uint64_t)file.st_size == load->status.size ||
	       corrupt(load, "the store sent less or more than it says it has");
}

/* A file of this machine is read where it is; was it still the one that we have looked at? */
static bool open_file(struct load *load, const char *path)
{
	struct storage_status now;

	load->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (load->fd < 0)
		return fail(load, "can't open it");
	if (!storage_stat(load->object, &now, load->error))
		return false;
	return !strcmp(now.etag, load->status.etag) ||
	       error_set(load->error, ERROR_CHANGED, 0, load->object->url,
			 "it was replaced while it was read");
}

/* Of others' objects the store may say it. */
static uint64_t add_checksum(const struct load *load, uint64_t sum, const void *data, size_t size)
{
	bool ours = load->status.metadata.has_checksum;

	return ours ? storage_checksum(sum, data, size)
		    : storage_sum(load->status.sum_kind, sum, data, size);
}

static bool check_bytes(struct load *load)
{
	const struct storage_metadata *metadata = &load->status.metadata;
	uint64_t checksum = 0, offset = 0;
	struct stat file;
	ssize_t count = 0;
	char *buffer;

	if (fstat(load->fd, &file) < 0)
		return fail(load, "can't look at it");
	if ((uint64_t)file.st_size != load->status.size ||
	    (metadata->has_size && metadata->size != load->status.size))
		return corrupt(load, "it is damaged, it has another length than was saved");
	if (!metadata->has_checksum && !load->status.sum_kind)
		return true;
	buffer = malloc(PIECE);
	while (buffer && (count = pread(load->fd, buffer, PIECE, (off_t)offset)) > 0) {
		checksum = add_checksum(load, checksum, buffer, (size_t)count);
		offset += (uint64_t)count;
	}
	free(buffer);
	if (!buffer || count < 0)
		return fail(load, "can't read it");
	return checksum == (metadata->has_checksum ? metadata->checksum : load->status.sum) ||
	       corrupt(load, "it is damaged, its checksum is wrong");
}

/* --- what it is -------------------------------------------------------------------------- */

/* Nobody has said what it is: as the SDK, by its content. */
static enum load_result sniff(struct load *load, struct gzip_reader *reader)
{
	unsigned char block[TAR_BLOCK];
	struct error ignored;

	switch (gzip_reader_origin(reader)) {
	case GZIP_OURS:
	case GZIP_SDK:
		return LOAD_TREE;
	case GZIP_CUT:
		corrupt(load, "it is damaged, it ends in a header of gzip");
		return LOAD_FAILED;
	case GZIP_NONE:
	case GZIP_FOREIGN:
		break;
	}
	if (gzip_reader_get(reader, block, sizeof(block), &ignored) != sizeof(block))
		return LOAD_FILE;
	return tar_is_header(block) ? LOAD_TREE : LOAD_FILE;
}

static struct gzip_reader *open_reader(struct load *load)
{
	return gzip_reader_new(load->fd, load->status.size, load->object->url, load->error);
}

static enum load_result find_kind(struct load *load)
{
	struct gzip_reader *reader;
	enum load_result result;

	switch (load->status.metadata.kind) {
	case STORAGE_KIND_DIRECTORY:
		return LOAD_TREE;
	case STORAGE_KIND_BYTES:
	case STORAGE_KIND_FILE:
		return LOAD_FILE;
	case STORAGE_KIND_UNKNOWN:
		break;
	}
	reader = open_reader(load);
	result = reader ? sniff(load, reader) : LOAD_FAILED;
	gzip_reader_free(reader);
	return result;
}

/* --- putting it there -------------------------------------------------------------------- */

/* Where the store says that this is a directory of ours, the archive must say so too. */
static bool is_whole_kind(struct load *load, const struct gzip_reader *reader)
{
	return load->status.metadata.kind != STORAGE_KIND_DIRECTORY ||
	       gzip_reader_origin(reader) == GZIP_OURS ||
	       corrupt(load, "it is damaged, it was saved as a directory and is none");
}

/* A file of this machine, which others may have written to while it was read. */
static bool is_unchanged(struct load *load)
{
	char etag[STORAGE_TAG_MAX];
	struct stat file;

	if (load->is_scratch)
		return true;
	if (fstat(load->fd, &file) < 0)
		return fail(load, "can't look at it");
	storage_file_tag(&file, etag);
	return !strcmp(etag, load->status.etag) || !file.st_nlink ||
	       error_set(load->error, ERROR_CHANGED, ESTALE, load->object->url,
			 "it was written to while it was read");
}

static bool put_tree(struct load *load)
{
	struct gzip_reader *reader = open_reader(load);
	bool good = reader && is_whole_kind(load, reader) &&
		    unpack(reader, load->object->url, load->target, load->status.size,
			   &load->object->progress, load->error) &&
		    is_unchanged(load);

	gzip_reader_free(reader);
	return good;
}

static bool put_file(struct load *load)
{
	const struct storage_range all = { 0, STORAGE_SIZE_UNKNOWN };
	struct storage_sink sink = { 0 };

	if (load->is_scratch) {
		if (renameat(load->scratch, SCRATCH, load->target, LOAD_PAYLOAD) < 0)
			return fail(load, "can't put it in place");
		return check_bytes(load);
	}
	sink.fd = openat(load->target, LOAD_PAYLOAD,
			 O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (sink.fd < 0)
		return fail(load, "can't make a file for it");
	/* The copy is what is checked. */
	close(load->fd);
	load->fd = sink.fd;
	return storage_read(load->object, &all, load->status.etag, &sink, load->error) &&
	       check_bytes(load);
}

static enum load_result put(struct load *load)
{
	enum load_result result = find_kind(load);
	bool good = true;

	if (result == LOAD_TREE)
		/* What the archive says of itself is checked while it is unpacked. */
		good = ((!load->status.metadata.has_checksum && !load->status.sum_kind) ||
			check_bytes(load)) &&
		       put_tree(load);
	else if (result == LOAD_FILE)
		good = put_file(load);
	return good ? result : LOAD_FAILED;
}

static enum load_result load_once(struct load *load)
{
	const char *path = storage_local_path(load->object->url);
	enum load_result result = LOAD_FAILED;

	if (!storage_stat(load->object, &load->status, load->error))
		return load->error->failure == ERROR_ABSENT ? LOAD_NONE : LOAD_FAILED;
	if (!load->status.size && !load->status.metadata.size)
		return LOAD_NONE;
	load->fd = -1;
	load->is_scratch = false;
	if (path ? open_file(load, path) : fetch(load))
		result = put(load);
	if (load->kept && result == LOAD_TREE)
		*load->kept = load->fd;
	else if (load->fd >= 0)
		close(load->fd);
	if (load->is_scratch)
		unlinkat(load->scratch, SCRATCH, 0);
	return result;
}

/* What a try has left that found the object changed in the end. */
static bool empty(struct load *load)
{
	int fd = openat(load->target, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	bool good = list;

	while (good && (entry = readdir(list)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			good = tree_remove(load->target, entry->d_name);
	if (list)
		closedir(list);
	return good || fail(load, "can't empty the workspace");
}

enum load_result load(struct storage *object, int target, int scratch, struct error *error)
{
	return load_and_keep(object, target, scratch, NULL, error);
}

enum load_result load_and_keep(struct storage *object, int target, int scratch, int *kept,
			       struct error *error)
{
	struct load load = {
		.object = object, .target = target, .scratch = scratch, .kept = kept, .error = error
	};
	enum load_result result;
	int tries = 0;

	if (kept)
		*kept = -1;

	do
		result = load_once(&load);
	while (result == LOAD_FAILED && error->failure == ERROR_CHANGED && ++tries < TRIES &&
	       empty(&load));
	return result;
}
