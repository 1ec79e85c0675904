/* SPDX-License-Identifier: Apache-2.0 */
/*
 * digest_name - one short name for a list of texts, as a name of files or for comparing. By MD5:
 * these names are no secret, and nobody gains by making two that are the same.
 */
#ifndef FLYTECTX_DIGEST_NAME_H
#define FLYTECTX_DIGEST_NAME_H

#include "context/md5.h"

/* With its NUL. */
#define PARTS_NAME_SIZE (2 * MD5_SIZE + 1)

/* In hexadecimal. NULL and "" are not the same, nor are "a", "bc" and "ab", "c". */
void digest_name(const char *const parts[], size_t count, char name[PARTS_NAME_SIZE]);

#endif
