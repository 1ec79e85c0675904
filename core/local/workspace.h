/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workspace - where checkpoints are loaded to: one place per action and previous path below the
 * workspace root, ${FLYTECTX_WORKSPACE:-${TMPDIR:-/tmp}/flytectx-UID} (SPEC 4.5).
 *
 * /tmp belongs to everybody: whoever makes the root before us, or a symbolic link in its place,
 * could read our data or have us write elsewhere. So it must be ours.
 */
#ifndef FLYTECTX_WORKSPACE_H
#define FLYTECTX_WORKSPACE_H

#include "flyte_ctx.h"
#include "local/error.h"

#include <limits.h>

/* Its absolute path; made (0700) where it is missing. One that is not safe is an error. */
bool workspace_root(char path[PATH_MAX], struct error *error);

/* The same where it is there already; nothing is made. */
bool workspace_root_find(char path[PATH_MAX], struct error *error);

/*
 * The place of a checkpoint: a directory with the workspace proper as `work` in it, and what is
 * being loaded as `new`. Only names it.
 */
bool workspace_place(const struct flyte_action_id *action, const char *previous,
		     char path[PATH_MAX], struct error *error);

/* Opens the place, made where it is missing with an empty workspace, for one user at a time. */
int workspace_open(const char *place, struct error *error);

/* Gives it back; a child that was forked meanwhile keeps no lock of it. */
void workspace_close(int place);

/* An empty `new` in the open place. -1 with the error. */
int workspace_new(int place, const char *path, struct error *error);

/* Puts `new` in the place of the workspace, at once where the file system can. */
bool workspace_publish(int place, const char *path, struct error *error);

#endif
