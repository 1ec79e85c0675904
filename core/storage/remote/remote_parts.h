/* SPDX-License-Identifier: Apache-2.0 */
/*
 * remote_parts - how long the parts of an upload are, and how many are under way. A file's parts
 * cost no memory: they are as long as its size and the store's number of parts ask for. Those of a
 * stream wait in memory, REMOTE_MEMORY in all: they begin short, and grow with their number, for
 * nobody knows how many there will be.
 */
#ifndef FLYTECTX_STORAGE_REMOTE_PARTS_H
#define FLYTECTX_STORAGE_REMOTE_PARTS_H

#include "storage/remote/remote.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the part with that number, from 0; `size` of the whole may be STORAGE_SIZE_UNKNOWN. */
uint64_t remote_part_size(const struct remote_store *store, size_t number, uint64_t size,
			  bool is_file);

/* How many such parts may be under way. */
size_t remote_part_concurrency(const struct remote_store *store, size_t number, uint64_t size,
			       bool is_file);

#endif
