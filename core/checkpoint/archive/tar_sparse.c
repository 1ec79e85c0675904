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

static bool add_extent(struct tar_reader *reader, struct tar_extent extent, uint64_t *end,
		       uint64_t *data, struct error *error)
{
	struct tar_sparse *sparse = &reader->entry.sparse;
	void *more = sparse->extents;

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

static bool read_extent(struct tar_reader *reader, unsigned char block[TAR_BLOCK], size_t *at,
			uint64_t *end, uint64_t *data, struct error *error)
{
	struct tar_extent extent;

	return map_number(reader, block, at, &extent.offset, error) &&
	       map_number(reader, block, at, &extent.size, error) &&
	       add_extent(reader, extent, end, data, error);
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

bool tar_sparse_records(struct tar_reader *reader, const struct tar_records *records,
			struct error *error)
{
	uint64_t end = 0, data = 0;

	reader->entry.is_sparse = true;
	reader->entry.size = records->real_size;
	for (size_t i = 0; i < records->map.count; i++)
		if (!add_extent(reader, records->map.extents[i], &end, &data, error))
			return false;
	return data == reader->stored ||
	       tar_reader_corrupt(reader, error,
				  "a sparse file has not the length that its map says");
}

/* --- the older format -------------------------------------------------------------------- */

#define PAIR_SIZE 24 /* offset and length, twelve bytes each */

enum { OLD_PAIRS = 386, OLD_PAIRS_COUNT = 4, OLD_MORE = 482, OLD_SIZE = 483 };
enum { MORE_PAIRS_COUNT = 21, MORE_MORE = 504 };

/* Those of one block: an empty one ends them. */
static bool read_pairs(struct tar_reader *reader, const unsigned char *pairs, int count,
		       uint64_t *end, uint64_t *data, struct error *error)
{
	struct tar_extent extent;

	for (int i = 0; i < count && pairs[i * PAIR_SIZE + 12]; i++)
		if (!tar_number(pairs + i * PAIR_SIZE, 12, &extent.offset) ||
		    !tar_number(pairs + i * PAIR_SIZE + 12, 12, &extent.size))
			return tar_reader_corrupt(reader, error,
						  "the map of a sparse file is malformed");
		else if (!add_extent(reader, extent, end, data, error))
			return false;
	return true;
}

bool tar_sparse_old(struct tar_reader *reader, const unsigned char header[TAR_BLOCK],
		    struct error *error)
{
	unsigned char block[TAR_BLOCK];
	uint64_t end = 0, data = 0;
	bool more = header[OLD_MORE];

	reader->entry.is_sparse = true;
	if (!tar_number(header + OLD_SIZE, 12, &reader->entry.size))
		return tar_reader_corrupt(reader, error, "a header is wrong");
	if (!read_pairs(reader, header + OLD_PAIRS, OLD_PAIRS_COUNT, &end, &data, error))
		return false;
	while (more) {
		if (!tar_reader_get(reader, block, TAR_BLOCK, error) ||
		    !read_pairs(reader, block, MORE_PAIRS_COUNT, &end, &data, error))
			return false;
		if (reader->entry.sparse.count > EXTENTS_MAX)
			return tar_reader_corrupt(reader, error,
						  "the map of a sparse file is too long");
		more = block[MORE_MORE];
	}
	return data == reader->stored ||
	       tar_reader_corrupt(reader, error,
				  "a sparse file has not the length that its map says");
}
