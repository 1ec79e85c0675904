/* SPDX-License-Identifier: Apache-2.0 */
/* See remote_parts.h. */
#include "storage/remote/remote_parts.h"

/* Each tenth of the parts that a store takes has parts twice as long as the tenth before. */
#define TENTHS 10

/* So that all fit into the number of parts, in whole MiB. */
static uint64_t size_for_known(const struct remote_store *store, uint64_t size)
{
	uint64_t least = size / store->digest_max + 1;

	least = (least + MIB - 1) / MIB * MIB;
	return least < REMOTE_PART ? REMOTE_PART : least;
}

static uint64_t size_for_stream(const struct remote_store *store, size_t number)
{
	return (uint64_t)REMOTE_PART << number / (store->digest_max / TENTHS);
}

uint64_t remote_part_size(const struct remote_store *store, size_t number, uint64_t size,
			  bool is_file)
{
	uint64_t part = size == STORAGE_SIZE_UNKNOWN ? size_for_stream(store, number)
						     : size_for_known(store, size);
	uint64_t most = is_file ? store->part_max : REMOTE_MEMORY;

	return part < most ? part : most;
}

size_t remote_part_concurrency(const struct remote_store *store, size_t number, uint64_t size,
			       bool is_file)
{
	uint64_t count = REMOTE_MEMORY / remote_part_size(store, number, size, is_file);

	if (is_file || count > REMOTE_CONCURRENCY)
		return REMOTE_CONCURRENCY;
	return count ? (size_t)count : 1;
}
