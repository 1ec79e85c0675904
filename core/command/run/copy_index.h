/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy_index - what a copy of a tree was made of: for each path the file that it was copied from.
 */
#ifndef FLYTECTX_COPY_INDEX_H
#define FLYTECTX_COPY_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct copy_entry {
	uint64_t path; /* copy_hash() of it */
	uint64_t what; /* copy_hash() of inode, size, modes and times */
};

struct copy_index {
	struct copy_entry *items; /* free(3) */
	size_t count, room;
};

uint64_t copy_hash(uint64_t hash, const void *data, size_t size);

/* Of a file, from what stat says. */
uint64_t copy_what(const struct stat *status);

bool copy_index_add(struct copy_index *index, uint64_t path, uint64_t what);

/* To be found in, and to be kept in a file. */
void copy_index_sort(struct copy_index *index);
bool copy_index_has(const struct copy_index *index, uint64_t path, uint64_t what);
bool copy_index_write(const struct copy_index *index, const char *path);
bool copy_index_read(struct copy_index *index, const char *path);

#endif
