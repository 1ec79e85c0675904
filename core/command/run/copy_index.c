/* SPDX-License-Identifier: Apache-2.0 */
/* See copy_index.h. */
#include "command/run/copy_index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* FNV-1a, mixed so that neighbours are far apart. */
uint64_t copy_hash(uint64_t hash, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	hash ^= UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
	hash ^= hash >> 29;
	hash *= UINT64_C(0xbf58476d1ce4e5b9);
	return hash ^ hash >> 32;
}

uint64_t copy_what(const struct stat *status)
{
	const uint64_t values[] = {
		(uint64_t)status->st_ino,
		(uint64_t)status->st_mode,
		(uint64_t)status->st_uid,
		(uint64_t)status->st_gid,
		(uint64_t)status->st_mtim.tv_sec,
		(uint64_t)status->st_mtim.tv_nsec,
		(uint64_t)status->st_ctim.tv_sec,
		(uint64_t)status->st_ctim.tv_nsec,
		S_ISDIR(status->st_mode) ? 0 : (uint64_t)status->st_size,
	};

	return copy_hash(0, values, sizeof(values));
}

bool copy_index_add(struct copy_index *index, uint64_t path, uint64_t what)
{
	if (index->count == index->room) {
		size_t room = index->room * 2 + 256;
		void *more = realloc(index->items, room * sizeof(*index->items));

		if (!more)
			return false;
		index->items = more;
		index->room = room;
	}
	index->items[index->count++] = (struct copy_entry) { path, what };
	return true;
}

static int by_path(const void *a, const void *b)
{
	const struct copy_entry *one = a, *other = b;

	return (one->path > other->path) - (one->path < other->path);
}

void copy_index_sort(struct copy_index *index)
{
	if (index->count)
		qsort(index->items, index->count, sizeof(*index->items), by_path);
}

bool copy_index_has(const struct copy_index *index, uint64_t path, uint64_t what)
{
	const struct copy_entry key = { path, 0 }, *found;

	found = index->count ? bsearch(&key, index->items, index->count, sizeof(key), by_path)
			     : NULL;
	return found && found->what == what;
}

bool copy_index_write(const struct copy_index *index, const char *path)
{
	FILE *file = fopen(path, "we");
	bool good = file &&
		    fwrite(index->items, sizeof(*index->items), index->count, file) == index->count;

	if (file && fclose(file) != 0)
		good = false;
	/* Half of one is worth nothing. */
	if (!good)
		unlink(path);
	return good;
}

bool copy_index_read(struct copy_index *index, const char *path)
{
	FILE *file = fopen(path, "re");
	struct stat status;
	size_t count;

	*index = (struct copy_index) { 0 };
	if (!file)
		return errno == ENOENT;
	if (fstat(fileno(file), &status) == 0) {
		count = (size_t)status.st_size / sizeof(*index->items);
		index->items = malloc((count + 1) * sizeof(*index->items));
		if (index->items)
			index->count = fread(index->items, sizeof(*index->items), count, file);
		index->room = count + 1;
	}
	fclose(file);
	return true;
}
