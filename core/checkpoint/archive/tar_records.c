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

static bool read_sparse(const char *key, const char *value, size_t length,
			struct tar_records *records)
{
	uint64_t number;

	if (!strcmp(key, "name"))
		return read_name(value, length, records->path, &records->has_path);
	if (!strcmp(key, "realsize"))
		return records->has_real_size = read_number(value, &records->real_size);
	if (!strcmp(key, "major") || !strcmp(key, "minor")) {
		if (!read_number(value, &number) || number > 100)
			return false;
		*(key[1] == 'a' ? &records->sparse_major : &records->sparse_minor) =
			(unsigned)number;
		return true;
	}
	records->is_other_sparse = true;
	return true;
}

static bool read_record(const char *key, const char *value, size_t length,
			struct tar_records *records)
{
	if (!strcmp(key, "path"))
		/* GNU tar writes both; the sparse one is the real one, and comes first. */
		return records->sparse_major ||
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
