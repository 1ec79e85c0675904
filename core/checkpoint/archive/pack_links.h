/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack_links - links in a tree that is packed: which names are the same file, and absolute
 * symbolic links made relative.
 */
#ifndef FLYTECTX_PACK_LINKS_H
#define FLYTECTX_PACK_LINKS_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

struct pack_links {
	void *tree; /* of tsearch(3) */
};

/*
 * Has this file been packed before? `first` becomes the path that it had then, or NULL, and
 * then `path` is noted. False: no memory.
 */
bool pack_links_note(struct pack_links *links, const struct stat *status, const char *path,
		     const char **first);
void pack_links_free(struct pack_links *links);

/*
 * Where `target`, of the symbolic link at `path` in the tree, is an absolute name of something in
 * `directory`, it becomes a relative one, which is right wherever the tree is loaded. False: it
 * would be too long.
 */
bool pack_link_make_relative(const char *directory, const char *path, char target[PATH_MAX]);

#endif
