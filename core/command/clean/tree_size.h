/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree_size - the room that a file or tree takes on its disk.
 */
#ifndef FLYTECTX_TREE_SIZE_H
#define FLYTECTX_TREE_SIZE_H

#include <stdint.h>

/* In bytes. Links and mounts are not followed; what can't be read counts as nothing. */
uint64_t tree_size(const char *path);

#endif
