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

	for (size_t i = 0; i < TAR_BLOCK; i++)
		if (i < offsetof(struct ustar, checksum) || i >= offsetof(struct ustar, type))
			sum += block[i];
	return sum;
}

/* --- extended records -------------------------------------------------------------------- */

static void put_record(FILE *records, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "LENGTH KEY=VALUE\n", where the length counts itself. */
static void put_record(FILE *records, const char *key, const char *format, ...)
{
	char value[PATH_MAX + 1];
	va_list arguments;
	size_t rest, length;

	va_start(arguments, format);
	vsnprintf(value, sizeof(value), format, arguments);
	va_end(arguments);
	rest = strlen(key) + strlen(value) + 3;
	length = rest + 1;
	while ((size_t)snprintf(NULL, 0, "%zu", length) + rest != length)
		length++;
	fprintf(records, "%zu %s=%s\n", length, key, value);
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

static void put_time(FILE *records, const struct tar_entry *entry)
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

static void put_records(FILE *records, const struct tar_entry *entry)
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

static void put_block(FILE *text, const struct tar_entry *entry, char type, const char *name,
		      uint64_t size)
{
	struct ustar block = { 0 };
	char sum[8];

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
	snprintf(sum, sizeof(sum), "%06o", tar_checksum((const unsigned char *)&block));
	memcpy(block.checksum, sum, 7);
	block.checksum[7] = ' ';
	fwrite(&block, sizeof(block), 1, text);
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

static void put_padding(FILE *text, uint64_t size)
{
	static const char zeros[TAR_BLOCK];

	fwrite(zeros, tar_padding(size), 1, text);
}

/* The list of extents, which GNU tar puts before the data of a sparse file. */
static uint64_t put_map(FILE *map, const struct tar_sparse *sparse)
{
	uint64_t data = 0;

	fprintf(map, "%zu\n", sparse->count);
	for (size_t i = 0; i < sparse->count; i++) {
		fprintf(map, "%" PRIu64 "\n%" PRIu64 "\n", sparse->extents[i].offset,
			sparse->extents[i].size);
		data += sparse->extents[i].size;
	}
	fflush(map);
	put_padding(map, (uint64_t)ftell(map));
	return data;
}

static void put_header(FILE *text, const struct tar_entry *entry, const struct tar_text *records,
		       const struct tar_text *map, uint64_t data)
{
	char name[PATH_MAX + 32];
	uint64_t size = entry->type == TAR_FILE ? entry->size : 0;

	if (records->size) {
		struct tar_entry extended = { .mode = 0644 };

		put_block(text, &extended, 'x', "././@PaxHeader", records->size);
		fwrite(records->data, records->size, 1, text);
		put_padding(text, records->size);
	}
	short_name(entry, name);
	put_block(text, entry, (char)entry->type, name, entry->is_sparse ? map->size + data : size);
	fwrite(map->data, map->size, 1, text);
}

/* Closes the stream; has all been written? */
static bool finish(FILE *stream)
{
	bool good = !ferror(stream);

	return fclose(stream) == 0 && good;
}

bool tar_header(const struct tar_entry *entry, struct tar_text *header)
{
	struct tar_text records = { 0 }, map = { 0 };
	FILE *records_stream = open_memstream(&records.data, &records.size);
	FILE *map_stream = open_memstream(&map.data, &map.size);
	FILE *text;
	uint64_t data = 0;
	bool good = records_stream && map_stream;

	*header = (struct tar_text) { 0 };
	if (good) {
		put_records(records_stream, entry);
		if (entry->is_sparse)
			data = put_map(map_stream, &entry->sparse);
	}
	good = (!records_stream || finish(records_stream)) && good;
	good = (!map_stream || finish(map_stream)) && good;
	text = good ? open_memstream(&header->data, &header->size) : NULL;
	if (text) {
		put_header(text, entry, &records, &map, data);
		good = finish(text);
	}
	free(records.data);
	free(map.data);
	return good && text;
}
