/* SPDX-License-Identifier: Apache-2.0 */
/* See tar_reader.h: extended headers of pax. */
#include "checkpoint/archive/tar_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool read_digits(const char **text, uint64_t *number)
{
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*number = strtoull(*text, &end, 10);
	*text = end;
	return errno == 0;
}

static bool read_number(const char *text, uint64_t *number)
{
	return read_digits(&text, number) && !*text;
}

/* "-1.25" is two seconds before 1970 and 0.75 on. What is finer than a nanosecond is cut off. */
static bool read_time(const char *text, struct tar_records *records)
{
	bool negative = *text == '-';
	uint64_t seconds, scale = 100000000, fraction = 0;
	size_t plain = strspn(text, "0123456789.-");

	/* Python writes a time below 1e-4 as 1e-05: no nanosecond that matters. */
	if (text[plain] == 'e' && text[plain + 1] == '-' && plain &&
	    !text[plain + 2 + strspn(text + plain + 2, "0123456789")]) {
		records->mtime = 0;
		records->mtime_ns = 0;
		return true;
	}

	text += negative;
	if (!read_digits(&text, &seconds) || seconds > INT64_MAX / 2)
		return false;
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9'; text++, scale /= 10)
			fraction += (uint64_t)(*text - '0') * scale;
	if (*text)
		return false;
	records->mtime = negative ? -(int64_t)seconds : (int64_t)seconds;
	if (negative && fraction) {
		records->mtime--;
		fraction = 1000000000 - fraction;
	}
	records->mtime_ns = (uint32_t)fraction;
	return true;
}

static bool read_name(const char *value, size_t length, char name[PATH_MAX], bool *has)
{
	/* A NUL would hide the rest of it from us. */
	if (length >= PATH_MAX || strlen(value) != length)
		return false;
	memcpy(name, value, length + 1);
	*has = true;
	return true;
}

void tar_records_end(struct tar_records *records)
{
	free(records->map.extents);
	records->map = (struct tar_sparse) { 0 };
}

static bool add_extent(struct tar_records *records, uint64_t offset, uint64_t size)
{
	struct tar_sparse *map = &records->map;
	void *more = map->extents;

	if (!(map->count & (map->count - 1)))
		more = realloc(map->extents, (2 * map->count + 1) * sizeof(struct tar_extent));
	if (!more)
		return false;
	map->extents = more;
	map->extents[map->count++] = (struct tar_extent) { offset, size };
	return true;
}

/* "OFFSET,LENGTH,OFFSET,LENGTH" of format 0.1. */
static bool read_map(const char *text, struct tar_records *records)
{
	uint64_t offset, size;

	while (*text) {
		if (!read_digits(&text, &offset) || *text++ != ',' || !read_digits(&text, &size) ||
		    !add_extent(records, offset, size))
			return false;
		if (*text && *text++ != ',')
			return false;
	}
	return true;
}

/* What formats 0.0 and 0.1 have beside the name. */
static bool read_old_sparse(const char *key, const char *value, struct tar_records *records)
{
	uint64_t size;

	if (!strcmp(key, "size"))
		return records->has_real_size = read_number(value, &records->real_size);
	if (!strcmp(key, "numblocks"))
		return true;
	if (!strcmp(key, "map"))
		return read_map(value, records);
	if (!strcmp(key, "offset"))
		return read_number(value, &records->offset);
	if (!strcmp(key, "numbytes"))
		return read_number(value, &size) && add_extent(records, records->offset, size);
	records->is_other_sparse = true;
	return true;
}

static bool read_sparse(const char *key, const char *value, size_t length,
			struct tar_records *records)
{
	uint64_t number;

	if (!strcmp(key, "name"))
		return records->has_sparse_name =
			       read_name(value, length, records->path, &records->has_path);
	if (!strcmp(key, "realsize"))
		return records->has_real_size = read_number(value, &records->real_size);
	if (!strcmp(key, "major") || !strcmp(key, "minor")) {
		if (!read_number(value, &number) || number > 100)
			return false;
		*(key[1] == 'a' ? &records->sparse_major : &records->sparse_minor) =
			(unsigned)number;
		return true;
	}
	return read_old_sparse(key, value, records);
}

static bool read_record(const char *key, const char *value, size_t length,
			struct tar_records *records)
{
	if (!strcmp(key, "path"))
		/* GNU tar writes both; the sparse one is the real one, and comes first. */
		return records->sparse_major || records->has_sparse_name ||
		       read_name(value, length, records->path, &records->has_path);
	if (!strcmp(key, "linkpath"))
		return read_name(value, length, records->link, &records->has_link);
	if (!strcmp(key, "size"))
		return records->has_size = read_number(value, &records->size);
	if (!strcmp(key, "mtime"))
		return records->has_mtime = read_time(value, records);
	if (!strncmp(key, "GNU.sparse.", 11))
		return read_sparse(key + 11, value, length, records);
	return true;
}

bool tar_records_read(char *text, size_t size, struct tar_records *records)
{
	while (size) {
		const char *digits = text;
		uint64_t length;
		char *key, *value;

		if (!read_digits(&digits, &length) || *digits != ' ' || length > size ||
		    length < 5 || text[length - 1] != '\n')
			return false;
		key = text + (digits - text) + 1;
		text[length - 1] = '\0';
		value = strchr(key, '=');
		if (!value || value == key || value > text + length)
			return false;
		*value++ = '\0';
		if (!read_record(key, value, (size_t)(text + length - 1 - value), records))
			return false;
		text += length;
		size -= length;
	}
	return true;
}
