/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unpack_attributes - mode and time of what an archive has. A file system that has none (Azure
 * Files, mountpoint-s3, drvfs) refuses them: the bytes are there, as after tar and Python's
 * extractall().
 */
#ifndef FLYTECTX_UNPACK_ATTRIBUTES_H
#define FLYTECTX_UNPACK_ATTRIBUTES_H

#include <stdbool.h>
#include <sys/stat.h>

/* Of an open file or directory; false with errno. The time first: a mode may take it away. */
bool unpack_attributes_set(int fd, mode_t mode, struct timespec mtime);

/* Of `name` in the open directory, which is no symbolic link; false with errno. */
bool unpack_attributes_set_at(int directory, const char *name, mode_t mode, struct timespec mtime);

#endif
