/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree_part - the parts of a path, one by one: "a/b" has two, and slashes behind each other count
 * as one.
 */
#ifndef FLYTECTX_TREE_PART_H
#define FLYTECTX_TREE_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The part that `path` begins with: its length. */
static inline size_t tree_part_length(const char *path)
{
	return strcspn(path, "/");
}

static inline bool tree_part_is(const char *path, const char *part)
{
	size_t length = tree_part_length(path);

	return strlen(part) == length && !memcmp(path, part, length);
}

/* The next part, behind slashes; "" at the end. */
static inline const char *tree_part_next(const char *path)
{
	path += tree_part_length(path);
	return path + strspn(path, "/");
}

#endif
