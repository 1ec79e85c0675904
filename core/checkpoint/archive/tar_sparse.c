/* SPDX-License-Identifier: Apache-2.0 */
/* See tar_reader.h: the list of extents before the data of a sparse file. */
#include "checkpoint/archive/tar_reader.h"

#include <errno.h>
#include <stdlib.h>

#define EXTENTS_MAX (16 * 1024 * 1024)

/* A line of the map of a sparse file; the map is read block by block. */
static bool map_number(struct tar_reader *reader, unsigned char block[TAR_BLOCK], size_t *at,
		       uint64_t *number, struct error *error)
{
	int digits = 0;

	for (*number = 0;; digits++) {
		if (*at == TAR_BLOCK) {
			if (reader->stored < TAR_BLOCK ||
			    !tar_reader_get(reader, block, TAR_BLOCK, error))
				return tar_reader_corrupt(reader, error,
							  "a sparse file has no map");
			reader->stored -= TAR_BLOCK;
			*at = 0;
		}
		if (block[*at] == '\n' && digits) {
			++*at;
			return true;
		}
		if (block[*at] < '0' || block[*at] > '9' || digits == 19)
			return tar_reader_corrupt(reader, error,
						  "the map of a sparse file is malformed");
		*number = *number * 10 + (uint64_t)(block[(*at)++] - '0');
	}
}

static bool read_extent(struct tar_reader *reader, unsigned char block[TAR_BLOCK], size_t *at,
			uint64_t *end, uint64_t *data, struct error *error)
{
	struct tar_sparse *sparse = &reader->entry.sparse;
	struct tar_extent extent;
	void *more = sparse->extents;

	if (!map_number(reader, block, at, &extent.offset, error) ||
	    !map_number(reader, block, at, &extent.size, error))
		return false;
	if (extent.offset < *end || extent.size > reader->entry.size ||
	    extent.offset > reader->entry.size - extent.size)
		return tar_reader_corrupt(reader, error, "the map of a sparse file is malformed");
	if (!(sparse->count & (sparse->count - 1)))
		more = realloc(sparse->extents, (2 * sparse->count + 1) * sizeof(extent));
	if (!more)
		return error_set(error, ERROR_SYSTEM, ENOMEM, reader->name, "can't read it");
	sparse->extents = more;
	sparse->extents[sparse->count++] = extent;
	*end = extent.offset + extent.size;
	*data += extent.size;
	return true;
}

bool tar_sparse_map(struct tar_reader *reader, struct error *error)
{
	unsigned char block[TAR_BLOCK];
	size_t at = TAR_BLOCK;
	uint64_t count, end = 0, data = 0;

	if (!map_number(reader, block, &at, &count, error))
		return false;
	if (count > EXTENTS_MAX)
		return tar_reader_corrupt(reader, error, "the map of a sparse file is too long");
	for (uint64_t i = 0; i < count; i++)
		if (!read_extent(reader, block, &at, &end, &data, error))
			return false;
	return data == reader->stored ||
	       tar_reader_corrupt(reader, error,
				  "a sparse file has not the length that its map says");
}
