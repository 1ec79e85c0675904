/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_target - the file that a save replaces: its directory, made where it is missing, and its
 * name there. Where the path is a symbolic link, that is the link's target, as it is for whoever
 * writes the file in place.
 */
#ifndef FLYTECTX_FILE_TARGET_H
#define FLYTECTX_FILE_TARGET_H

#include "storage/storage.h"

#include <limits.h>

struct file_target {
	int directory; /* open; the caller closes it */
	char name[NAME_MAX + 1];
};

/* What is there and is no regular file is refused: renaming over it would destroy it. */
bool file_target_open(const char *path, struct file_target *target, struct error *error);

#endif
