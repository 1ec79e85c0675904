/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy_file - the data of a file, cloned where the file system can; holes stay holes.
 */
#ifndef FLYTECTX_COPY_FILE_H
#define FLYTECTX_COPY_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

/*
 * Makes `name` in the open directory `target` a copy of the open file `in`, with what is known of
 * it. `is_late` is asked between pieces. False with errno, 0 where it was late.
 */
bool copy_file(int in, const struct stat *status, int target, const char *name,
	       bool (*is_late)(void *argument), void *argument);

/* Owner, modes and times of something without a descriptor of ours. */
bool copy_status(int target, const char *name, const struct stat *status);

#endif
