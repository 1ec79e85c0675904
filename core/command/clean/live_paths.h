/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live_paths - which names of the workspace root live processes use (SPEC 5.24): by their contexts,
 * by a path in their environment or arguments, and by what they have open, mapped, or are in.
 *
 * A process that can't be looked at counts as using none; the root is shut to other users.
 */
#ifndef FLYTECTX_LIVE_PATHS_H
#define FLYTECTX_LIVE_PATHS_H

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

struct live_path {
	char *name;
	pid_t pid; /* one of its users; 0: a mount */
};

struct live_paths {
	const char *root;
	char real[PATH_MAX]; /* the same without links */
	struct live_path *items;
	size_t count;
};

/* A look at all processes but this one; kept until flytectx ends. `root` is borrowed. */
void live_paths_look(struct live_paths *live, const char *root);

/* NULL: no process uses that name. */
const struct live_path *live_paths_find(const struct live_paths *live, const char *name);

#endif
