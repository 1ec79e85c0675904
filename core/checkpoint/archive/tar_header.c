/* SPDX-License-Identifier: Apache-2.0 */
/* See tar.h: writing. */
#include "checkpoint/archive/tar.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OCTAL_MAX UINT64_C(077777777777)

/* As POSIX has it. */
struct ustar {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100];
	char magic[6], version[2], user[32], group[32], device_major[8], device_minor[8];
	char prefix[155], padding[12];
};

_Static_assert(sizeof(struct ustar) == TAR_BLOCK, "a header is a block");

unsigned tar_checksum(const unsigned char block[TAR_BLOCK])
{
	unsigned sum = 8 * ' ';

	/* All, and then less what the field has: a loop without a branch. */
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += block[i];
	for (size_t i = offsetof(struct ustar, checksum); i < offsetof(struct ustar, type); i++)
		sum -= block[i];
	return sum;
}

/* --- a text that grows: a stream of stdio for each header took a fifth of a save's time --- */

struct text {
	struct tar_text text;
	size_t room;
	bool failed;
};

static void append(struct text *to, const void *data, size_t size)
{
	size_t room = to->text.size + size;
	char *more = to->text.data;

	if (room > to->room) {
		room += 2 * (size_t)TAR_BLOCK + room / 2;
		more = realloc(more, room);
		to->failed = to->failed || !more;
		if (to->failed)
			return;
		to->text.data = more;
		to->room = room;
	}
	if (size)
		memcpy(to->text.data + to->text.size, data, size);
	to->text.size += size;
}

/* --- extended records -------------------------------------------------------------------- */

static void put_record(struct text *records, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "LENGTH KEY=VALUE\n", where the length counts itself. */
static void put_record(struct text *records, const char *key, const char *format, ...)
{
	char value[PATH_MAX + 1], number[24];
	va_list arguments;
	size_t rest, length;

	va_start(arguments, format);
	vsnprintf(value, sizeof(value), format, arguments);
	va_end(arguments);
	rest = strlen(key) + strlen(value) + 3;
	length = rest + 1;
	while ((size_t)snprintf(number, sizeof(number), "%zu", length) + rest != length)
		length++;
	append(records, number, strlen(number));
	append(records, " ", 1);
	append(records, key, strlen(key));
	append(records, "=", 1);
	append(records, value, strlen(value));
	append(records, "\n", 1);
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* Names go to the records where a header would cut them, or say nothing of their encoding. */
static bool needs_record(const char *name, size_t room)
{
	return strlen(name) > room || !is_ascii(name);
}

static bool needs_name_record(const struct tar_entry *entry)
{
	/* A directory's name gets a slash behind it. */
	return needs_record(entry->path,
			    sizeof(((struct ustar *)0)->name) - (entry->type == TAR_DIRECTORY));
}

/* UTF-8 is what pax says names are in, unless it says that they are just bytes. */
static bool is_utf8(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;

	while (*byte) {
		unsigned more = *byte < 0x80 ? 0 : *byte >= 0xf0 ? 3 : *byte >= 0xe0 ? 2 : 1;
		uint32_t code = more ? *byte & (0x3fu >> more) : *byte;

		if ((*byte >= 0x80 && *byte < 0xc2) || *byte > 0xf4)
			return false;
		byte++;
		for (unsigned i = 0; i < more; i++, byte++) {
			if ((*byte & 0xc0) != 0x80)
				return false;
			code = code << 6 | (*byte & 0x3fu);
		}
		if ((more == 2 && (code < 0x800 || (code >= 0xd800 && code <= 0xdfff))) ||
		    (more == 3 && (code < 0x10000 || code > 0x10ffff)))
			return false;
	}
	return true;
}

static void put_time(struct text *records, const struct tar_entry *entry)
{
	int64_t seconds = entry->mtime;
	uint32_t fraction = entry->mtime_ns;
	const char *sign = seconds < 0 ? "-" : "";

	/* A time before 1970: -1.25 is 2 seconds before it and 0.75 on. */
	if (seconds < 0 && fraction) {
		seconds++;
		fraction = 1000000000 - fraction;
	}
	if (fraction)
		put_record(records, "mtime", "%s%" PRIu64 ".%09" PRIu32, sign,
			   (uint64_t)(seconds < 0 ? -seconds : seconds), fraction);
	else if (seconds < 0 || seconds > (int64_t)OCTAL_MAX)
		put_record(records, "mtime", "%" PRId64, seconds);
}

static void put_records(struct text *records, const struct tar_entry *entry)
{
	if (!is_utf8(entry->path) || !is_utf8(entry->link))
		put_record(records, "hdrcharset", "BINARY");
	if (entry->is_sparse) {
		put_record(records, "GNU.sparse.major", "1");
		put_record(records, "GNU.sparse.minor", "0");
		put_record(records, "GNU.sparse.name", "%s", entry->path);
		put_record(records, "GNU.sparse.realsize", "%" PRIu64, entry->size);
	} else if (needs_name_record(entry)) {
		put_record(records, "path", "%s%s", entry->path,
			   entry->type == TAR_DIRECTORY ? "/" : "");
	}
	if (needs_record(entry->link, sizeof(((struct ustar *)0)->link)))
		put_record(records, "linkpath", "%s", entry->link);
	if (!entry->is_sparse && entry->size > OCTAL_MAX)
		put_record(records, "size", "%" PRIu64, entry->size);
	put_time(records, entry);
}

/* --- the header itself ------------------------------------------------------------------- */

static void put_octal(char *field, size_t size, uint64_t number)
{
	field[size - 1] = '\0';
	for (size_t i = size - 1; i-- > 0; number >>= 3)
		field[i] = (char)('0' + (number & 7));
}

/* GNU's base 256 where octal has no room: Python takes no record for the size of a sparse file. */
static void put_size(char field[12], uint64_t number)
{
	if (number <= OCTAL_MAX) {
		put_octal(field, 12, number);
		return;
	}
	memset(field, 0, 12);
	field[0] = (char)0x80;
	for (size_t i = 11; i > 3; i--, number >>= 8)
		field[i] = (char)number;
}

static void put_block(struct text *text, const struct tar_entry *entry, char type, const char *name,
		      uint64_t size)
{
	struct ustar block = { 0 };
	memcpy(block.name, name, strnlen(name, sizeof(block.name)));
	put_octal(block.mode, sizeof(block.mode), entry->mode & 07777);
	put_octal(block.uid, sizeof(block.uid), entry->uid <= 07777777 ? entry->uid : 0);
	put_octal(block.gid, sizeof(block.gid), entry->gid <= 07777777 ? entry->gid : 0);
	put_size(block.size, size);
	if (entry->mtime >= 0 && entry->mtime <= (int64_t)OCTAL_MAX)
		put_octal(block.mtime, sizeof(block.mtime), (uint64_t)entry->mtime);
	else
		put_octal(block.mtime, sizeof(block.mtime), 0);
	block.type = type;
	memcpy(block.link, entry->link, strnlen(entry->link, sizeof(block.link)));
	memcpy(block.magic, "ustar", 6);
	memcpy(block.version, "00", 2);
	put_octal(block.checksum, 7, tar_checksum((const unsigned char *)&block));
	block.checksum[7] = ' ';
	append(text, &block, sizeof(block));
}

/* The name in the header itself, for readers that don't know the records. */
static void short_name(const struct tar_entry *entry, char name[PATH_MAX + 32])
{
	if (entry->is_sparse)
		snprintf(name, PATH_MAX + 32, "GNUSparseFile.0/%s", entry->path);
	else
		snprintf(name, PATH_MAX + 32, "%s%s", entry->path,
			 entry->type == TAR_DIRECTORY ? "/" : "");
}

static void put_padding(struct text *text, uint64_t size)
{
	static const char zeros[TAR_BLOCK];

	append(text, zeros, tar_padding(size));
}

static void put_number(struct text *text, uint64_t number)
{
	char line[24];
	int length = snprintf(line, sizeof(line), "%" PRIu64 "\n", number);

	append(text, line, (size_t)length);
}

/* The list of extents, which GNU tar puts before the data of a sparse file. */
static uint64_t put_map(struct text *map, const struct tar_sparse *sparse)
{
	uint64_t data = 0;

	put_number(map, sparse->count);
	for (size_t i = 0; i < sparse->count; i++) {
		put_number(map, sparse->extents[i].offset);
		put_number(map, sparse->extents[i].size);
		data += sparse->extents[i].size;
	}
	put_padding(map, map->text.size);
	return data;
}

static void put_header(struct text *text, const struct tar_entry *entry, const struct text *records,
		       const struct text *map, uint64_t data)
{
	char name[PATH_MAX + 32];
	uint64_t size = entry->type == TAR_FILE ? entry->size : 0;

	if (records->text.size) {
		struct tar_entry extended;

		/* Not all of it is zeroed: its names alone are 8 KiB. */
		extended.link[0] = '\0';
		extended.mode = 0644;
		extended.uid = extended.gid = 0;
		extended.mtime = 0;
		put_block(text, &extended, 'x', "././@PaxHeader", records->text.size);
		append(text, records->text.data, records->text.size);
		put_padding(text, records->text.size);
	}
	short_name(entry, name);
	put_block(text, entry, (char)entry->type, name,
		  entry->is_sparse ? map->text.size + data : size);
	append(text, map->text.data, map->text.size);
}

bool tar_header(const struct tar_entry *entry, struct tar_text *header)
{
	struct text records = { 0 }, map = { 0 }, text = { 0 };
	uint64_t data = 0;
	bool good;

	put_records(&records, entry);
	if (entry->is_sparse)
		data = put_map(&map, &entry->sparse);
	put_header(&text, entry, &records, &map, data);
	good = !records.failed && !map.failed && !text.failed;
	free(records.text.data);
	free(map.text.data);
	if (!good)
		free(text.text.data);
	*header = good ? text.text : (struct tar_text) { 0 };
	return good;
}
