/* SPDX-License-Identifier: Apache-2.0 */
/*
 * restore - a checkpoint into a place of its own: a workspace, or a directory that a tool works in.
 * Both are replaced only when the new content is complete and checked (SPEC 4.9).
 */
#ifndef FLYTECTX_RESTORE_H
#define FLYTECTX_RESTORE_H

#include "checkpoint/exports.h"
#include "checkpoint/load.h"

/* Loads into a place as workspace_place() names it. */
enum load_result restore_workspace(struct storage *object, const char *place, struct error *error);

/*
 * Loads a tree into the directory, made where it is missing, which may be a mount point: its
 * content is what is replaced, all of it or nothing. A checkpoint that is no tree is an error. The
 * directory is the caller's alone meanwhile. `own`, if not NULL, becomes a copy of the object.
 */
enum load_result restore_directory(struct storage *object, struct storage *own,
				   struct flytectx_restore *restore, struct error *error);

/* Ends what a restore that was killed has left: all of the old content is back, or all of the new.
 */
bool restore_recover(const char *directory, struct error *error);

#endif
