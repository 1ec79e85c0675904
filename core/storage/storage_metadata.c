/* SPDX-License-Identifier: Apache-2.0 */
/* See storage.h: our metadata. */
#include "storage/storage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = {
	[STORAGE_KIND_UNKNOWN] = "unknown",
	[STORAGE_KIND_BYTES] = "bytes",
	[STORAGE_KIND_FILE] = "file",
	[STORAGE_KIND_DIRECTORY] = "directory",
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

size_t storage_metadata_text(const struct storage_metadata *metadata,
			     char text[STORAGE_METADATA_MAX])
{
	int length = snprintf(text, STORAGE_METADATA_MAX, "kind=%s", kinds[metadata->kind]);

	if (metadata->has_size)
		length += snprintf(text + length, STORAGE_METADATA_MAX - (size_t)length,
				   " size=%" PRIu64, metadata->size);
	if (metadata->has_checksum)
		length += snprintf(text + length, STORAGE_METADATA_MAX - (size_t)length,
				   " crc64=%016" PRIx64, metadata->checksum);
	return (size_t)length;
}

/* A number that ends where the word does. */
static bool read_number(const char *text, int base, uint64_t *number)
{
	char *end;

	*number = strtoull(text, &end, base);
	return end != text && (!*end || *end == ' ');
}

static enum storage_kind read_kind(const char *text)
{
	size_t length = strcspn(text, " ");

	for (size_t i = 1; i < KINDS; i++)
		if (strlen(kinds[i]) == length && !memcmp(text, kinds[i], length))
			return (enum storage_kind)i;
	return STORAGE_KIND_UNKNOWN;
}

bool storage_metadata_read(const char *text, struct storage_metadata *metadata)
{
	*metadata = (struct storage_metadata) { 0 };
	if (strncmp(text, "kind=", 5) != 0)
		return false;
	for (; *text; text += strcspn(text, " "), text += strspn(text, " ")) {
		if (!strncmp(text, "kind=", 5))
			metadata->kind = read_kind(text + 5);
		else if (!strncmp(text, "size=", 5))
			metadata->has_size = read_number(text + 5, 10, &metadata->size);
		else if (!strncmp(text, "crc64=", 6))
			metadata->has_checksum = read_number(text + 6, 16, &metadata->checksum);
	}
	return metadata->kind != STORAGE_KIND_UNKNOWN;
}
