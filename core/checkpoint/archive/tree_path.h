/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree_path - paths inside a tree, where nothing may lead out of it (SPEC 4.10): neither `..`, nor
 * an absolute name, nor a symbolic link. Where links lead is tree_link.h's.
 */
#ifndef FLYTECTX_TREE_PATH_H
#define FLYTECTX_TREE_PATH_H

#include <stdbool.h>

/* Takes the parts "." and the slashes too many out of a relative path, so that a thing has one
 * name.
 */
void tree_path_tidy(char *path);

/* Why this tidy path is none of a member, which is relative and has no `..`: a text that goes on
 * "NAME is refused, it ...". NULL: it is one. */
const char *tree_path_refusal(const char *path);

/*
 * Opens the directory that `path` is in, below the directory `root`, with no symbolic link on the
 * way; makes what is missing where `make` says so. `name` becomes the last part of the path.
 * -1 with errno.
 */
int tree_path_parent(int root, const char *path, bool make, const char **name);

#endif
