/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree_path - paths inside a tree, where nothing may lead out of it (SPEC 4): neither `..`, nor an
 * absolute name, nor a symbolic link.
 */
#ifndef FLYTECTX_TREE_PATH_H
#define FLYTECTX_TREE_PATH_H

#include <stdbool.h>

/* Is this the path of a member: relative, not empty, without `.` and `..`? "./a" counts as "a". */
bool tree_path_is_inside(const char *path);

/*
 * Opens the directory that `path` is in, below the directory `root`, with no symbolic link on the
 * way; makes what is missing where `make` says so. `name` becomes the last part of the path.
 * -1 with errno.
 */
int tree_path_parent(int root, const char *path, bool make, const char **name);

/* Does the target of a symbolic link at `path` stay in the tree, going by the names alone? */
bool tree_path_names_stay(const char *path, const char *target);

/*
 * Does the symbolic link at `path`, which is there, stay in the tree by the links on its way too?
 * The kernel says so (openat2, Linux 5.6); true where it can't.
 */
bool tree_path_link_stays(int root, const char *path);

#endif
