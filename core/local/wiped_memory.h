/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wiped_memory - malloc(3) and its kin, which overwrite a block before they free or move it: for
 * memory that may hold a secret, here and in the libraries that take such functions.
 *
 * Blocks are those of malloc(), so any of them may be given to free() as well, and any block of
 * malloc() may be freed here. Where the process has a malloc() of its own without a
 * malloc_usable_size(), blocks are freed as they are.
 */
#ifndef FLYTECTX_WIPED_MEMORY_H
#define FLYTECTX_WIPED_MEMORY_H

#include <stddef.h>

/* Never extends a block in place. As realloc() else; size 0 gives a block too. */
void *wiped_realloc(void *memory, size_t size);

/* NULL is allowed. */
void wiped_free(void *memory);

#endif
