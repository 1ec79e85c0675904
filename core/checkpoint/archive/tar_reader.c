/* SPDX-License-Identifier: Apache-2.0 */
/* See tar_reader.h. */
#include "checkpoint/archive/tar_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RECORDS_MAX (1024 * 1024)

/* Where things are in a header: name, mode, ... of POSIX, the prefix where the magic is "ustar". */
enum { NAME = 0, MODE = 100, UID = 108, GID = 116, SIZE = 124, MTIME = 136, CHECKSUM = 148 };
enum { TYPE = 156, LINK = 157, MAGIC = 257, PREFIX = 345 };

static bool is_zero(const unsigned char *data, size_t size)
{
	return !size || (!data[0] && !memcmp(data, data + 1, size - 1));
}

/* By how much a sum of signed bytes is less, as old tars made it. */
static uint64_t high_bytes(const unsigned char block[TAR_BLOCK])
{
	uint64_t count = 0;

	for (size_t i = 0; i < TAR_BLOCK; i++)
		if (i < CHECKSUM || i >= CHECKSUM + 8)
			count += block[i] >> 7;
	return 256 * count;
}

bool tar_is_header(const unsigned char block[TAR_BLOCK])
{
	uint64_t sum;

	return !is_zero(block, TAR_BLOCK) && tar_number(block + CHECKSUM, 8, &sum) &&
	       (sum == tar_checksum(block) || sum == tar_checksum(block) - high_bytes(block));
}

/* The content of an extended header, NUL-terminated; NULL with the error. The caller frees it. */
static char *get_text(struct tar_reader *reader, uint64_t size, struct error *error)
{
	char *text;

	if (size > RECORDS_MAX) {
		tar_reader_corrupt(reader, error, "an extended header is too long");
		return NULL;
	}
	text = calloc(1, size + tar_padding(size) + 1);
	if (!text)
		error_set(error, ERROR_SYSTEM, ENOMEM, reader->name, "can't read it");
	else if (tar_reader_get(reader, text, size + tar_padding(size), error))
		return text;
	free(text);
	return NULL;
}

/* 'x', 'g': records of pax. 'L', 'K': GNU's long name or link. */
static bool read_extended(struct tar_reader *reader, char type, uint64_t size,
			  struct tar_records *records, struct error *error)
{
	char *text = get_text(reader, size, error);
	struct tar_records global = { 0 };
	size_t length;
	bool good;

	if (!text)
		return false;
	text[size] = '\0';
	length = strlen(text);
	if (type == 'x' || type == 'X') /* the one of POSIX, the other of Solaris */
		good = tar_records_read(text, size, records);
	else if (type == 'g') /* comments, mostly; nothing of one member */
		good = tar_records_read(text, size, &global);
	else if ((good = length < PATH_MAX)) {
		memcpy(type == 'L' ? records->path : records->link, text, length + 1);
		*(type == 'L' ? &records->has_path : &records->has_link) = true;
	}
	free(text);
	tar_records_end(&global);
	return good || tar_reader_corrupt(reader, error, "an extended header is malformed");
}

static void copy_field(char name[PATH_MAX], const unsigned char *field, size_t size)
{
	size = strnlen((const char *)field, size);
	memcpy(name, field, size);
	name[size] = '\0';
}

static void read_path(struct tar_entry *entry, const unsigned char *block)
{
	char name[PATH_MAX];
	size_t length;

	copy_field(name, block + NAME, 100);
	copy_field(entry->path, block + PREFIX, 155);
	/* GNU's own format has times there. */
	length = memcmp(block + MAGIC, "ustar\0", 6) ? 0 : strlen(entry->path);
	if (length)
		entry->path[length++] = '/';
	strcpy(entry->path + length, name);
}

static bool read_fields(struct tar_entry *entry, const unsigned char *block, uint64_t *stored)
{
	uint64_t mode;

	/* Owners are not restored: whatever number is there, it does not matter. */
	if (!tar_number(block + MODE, 8, &mode) || !tar_number(block + SIZE, 12, stored) ||
	    !tar_signed_number(block + MTIME, 12, &entry->mtime))
		return false;
	entry->mode = (mode_t)mode & 07777;
	entry->uid = 0;
	entry->gid = 0;
	entry->mtime_ns = 0;
	entry->type = (enum tar_type)(block[TYPE] && block[TYPE] != '7' ? block[TYPE] : TAR_FILE);
	entry->is_sparse = false;
	read_path(entry, block);
	copy_field(entry->link, block + LINK, 100);
	return true;
}

static void apply_records(struct tar_entry *entry, const struct tar_records *records,
			  uint64_t *stored)
{
	if (records->has_path)
		strcpy(entry->path, records->path);
	if (records->has_link)
		strcpy(entry->link, records->link);
	if (records->has_size)
		*stored = records->size;
	if (records->has_mtime) {
		entry->mtime = records->mtime;
		entry->mtime_ns = records->mtime_ns;
	}
	entry->size = *stored;
	if (records->sparse_major) {
		entry->is_sparse = true;
		entry->size = records->real_size;
	}
}

/* A slash at the end makes a directory of a file in old archives, and says nothing else. */
static void strip_slashes(struct tar_entry *entry)
{
	size_t length = strlen(entry->path);

	if (entry->type == TAR_FILE && length && entry->path[length - 1] == '/')
		entry->type = TAR_DIRECTORY;
	while (length > 1 && entry->path[length - 1] == '/')
		entry->path[--length] = '\0';
}

/* The second block of zeros, which others may leave out at the end, and then only zeros, which a
 * writer may fill a record with. */
static bool check_end(struct tar_reader *reader, struct error *error)
{
	unsigned char rest[64 * 1024];
	int64_t count;

	count = gzip_reader_get(reader->input, rest, TAR_BLOCK, error);
	if (count <= 0 && gzip_reader_origin(reader->input) != GZIP_OURS)
		return count == 0;
	if (count != TAR_BLOCK || !is_zero(rest, TAR_BLOCK))
		return count < 0 ? false : tar_reader_corrupt(reader, error, "it has no end mark");
	while ((count = gzip_reader_get(reader->input, rest, sizeof(rest), error)) > 0) {
		if (!tar_reader_report(reader, error))
			return false;
		if (!is_zero(rest, (size_t)count))
			return tar_reader_corrupt(reader, error,
						  "there is something behind its end");
	}
	return count == 0;
}
static bool skip(struct tar_reader *reader, struct error *error)
{
	char rest[TAR_BLOCK];
	int64_t count;

	while ((count = tar_reader_data(reader, rest, sizeof(rest), error)) > 0)
		;
	return count == 0;
}

/* What is behind the header: data, or a map of it before that. */
static bool by_type(struct tar_reader *reader, const unsigned char block[TAR_BLOCK],
		    struct error *error)
{
	struct tar_entry *entry = &reader->entry;

	reader->padding = tar_padding(reader->stored);
	if (entry->type == (enum tar_type)'S') {
		entry->type = TAR_FILE;
		return tar_sparse_old(reader, block, error);
	}
	if (entry->type == (enum tar_type)'D') {
		/* A directory of an incremental archive, with a list of what was in it. */
		entry->type = TAR_DIRECTORY;
		return true;
	}
	if (entry->type != TAR_FILE)
		reader->stored = reader->padding = 0;
	return !entry->is_sparse || tar_sparse_map(reader, error);
}

static bool next(struct tar_reader *reader, struct tar_records *records, bool *end,
		 struct error *error)
{
	unsigned char block[TAR_BLOCK];
	struct tar_entry *entry = &reader->entry;

	*end = false;
	entry->sparse.count = 0;
	if (!skip(reader, error))
		return false;
	for (;;) {
		if (!tar_reader_get(reader, block, TAR_BLOCK, error))
			return false;
		if (is_zero(block, TAR_BLOCK)) {
			*end = check_end(reader, error);
			return false;
		}
		if (!tar_is_header(block) || !read_fields(entry, block, &reader->stored))
			return tar_reader_corrupt(reader, error, "a header is wrong");
		/* The name of a volume, by GNU tar. */
		if (entry->type == (enum tar_type)'V')
			continue;
		if (!strchr("xXgLK", (int)entry->type))
			break;
		if (!tar_reader_report(reader, error) ||
		    !read_extended(reader, (char)entry->type, reader->stored, records, error))
			return false;
	}
	apply_records(entry, records, &reader->stored);
	strip_slashes(entry);
	if (records->is_other_sparse ||
	    (records->sparse_major && (records->sparse_major != 1 || records->sparse_minor)))
		return error_set(error, ERROR_CORRUPT, ENOTSUP, reader->name,
				 "%s is a sparse file of an unknown format", entry->path);
	if (records->map.count && entry->type == TAR_FILE) {
		reader->padding = tar_padding(reader->stored);
		return tar_sparse_records(reader, records, error);
	}
	return by_type(reader, block, error);
}

bool tar_reader_next(struct tar_reader *reader, bool *end, struct error *error)
{
	struct tar_records records = { 0 };
	bool good = next(reader, &records, end, error);

	tar_records_end(&records);
	return good;
}

int64_t tar_reader_data(struct tar_reader *reader, void *data, size_t size, struct error *error)
{
	unsigned char padding[TAR_BLOCK];

	if (size > reader->stored)
		size = (size_t)reader->stored;
	if (!tar_reader_get(reader, data, size, error))
		return -1;
	reader->stored -= size;
	if (!reader->stored) {
		if (!tar_reader_get(reader, padding, reader->padding, error))
			return -1;
		reader->padding = 0;
	}
	return (int64_t)size;
}

void tar_reader_end(struct tar_reader *reader)
{
	free(reader->entry.sparse.extents);
}
