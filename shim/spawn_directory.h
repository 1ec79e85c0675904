/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spawn_directory - where the child of a posix_spawn() will be when it looks for its program: the
 * file actions may have led it elsewhere. They are read as glibc (from 2.29) and musl keep them;
 * both have fixed that by giving the memory to programs.
 */
#ifndef FLYTECTX_SPAWN_DIRECTORY_H
#define FLYTECTX_SPAWN_DIRECTORY_H

#include <stdbool.h>

struct spawn_directory {
	int fd; /* AT_FDCWD: it stays where we are; below that: it can't be known */
	bool opened;
};

struct spawn_directory spawn_directory(const void *actions);

#endif
