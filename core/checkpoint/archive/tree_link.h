/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree_link - where the symbolic links of a tree lead (SPEC 4.10). A link belongs to the name that
 * it has, since its text is relative to that: the same link under another name leads elsewhere.
 */
#ifndef FLYTECTX_TREE_LINK_H
#define FLYTECTX_TREE_LINK_H

#include <stdbool.h>

/* Does the target of a symbolic link at `path` stay in the tree, going by the names alone? */
bool tree_link_names_stay(const char *path, const char *target);

/*
 * Does the symbolic link at `path` below the directory `root` stay in the tree, by the links on its
 * way too? A name on the way that is missing counts as a directory, which a program can make later.
 * Where `directory` is not NULL, it is the absolute name of the root, and links may begin with it.
 * False too where the way can't be read.
 */
bool tree_link_stays(int root, const char *directory, const char *path);

#endif
