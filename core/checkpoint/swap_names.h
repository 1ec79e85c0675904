/* SPDX-License-Identifier: Apache-2.0 */
/*
 * swap_names - the names in a directory, and which of them can't be moved.
 */
#ifndef FLYTECTX_SWAP_NAMES_H
#define FLYTECTX_SWAP_NAMES_H

#include <stdbool.h>

/*
 * Calls `act` for each name in an open directory; false ends it. What `act` removes or adds does
 * not matter. False with errno.
 */
bool each_name(int directory, bool (*act)(void *argument, const char *name), void *argument);

/*
 * 0, or why an entry of the directory (its path: `path`) can't be moved: EBUSY, it is a mount point
 * or has one in it; EACCES, it is the directory of another user.
 */
int why_fixed(int directory, const char *path, const char *name);

/* A directory is moved by who may write to it: its ".." changes. False with errno. */
bool move_entry(int from, const char *name, int to);

#endif
