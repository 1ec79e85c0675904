/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree_remove - removes a tree, however deep it is. Links are removed, not followed.
 */
#ifndef FLYTECTX_TREE_REMOVE_H
#define FLYTECTX_TREE_REMOVE_H

#include <stdbool.h>

/* What `name` in the open directory is, and all below it. True too where it is not there; errno. */
bool tree_remove(int directory, const char *name);

#endif
