/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lost_and_found - the directory that mkfs(8) makes at the top of a file system. It is root's, and
 * no state of a tool: where it can't be read, a save leaves it out (SPEC 4.18).
 */
#ifndef FLYTECTX_LOST_AND_FOUND_H
#define FLYTECTX_LOST_AND_FOUND_H

#include <stdbool.h>

#define LOST_AND_FOUND "lost+found"

/* Is `path`, in the open directory that is saved, such a one, and shut to this process? */
bool lost_and_found_is_shut(int directory, const char *path);

#endif
