/* SPDX-License-Identifier: Apache-2.0 */
/*
 * restore - a checkpoint into a place of its own: a workspace, or a directory that a tool works in.
 * Both are replaced only when the new content is complete and checked (SPEC 4.9).
 */
#ifndef FLYTECTX_RESTORE_H
#define FLYTECTX_RESTORE_H

#include "checkpoint/load.h"

/* Loads into a place as workspace_place() names it. */
enum load_result restore_workspace(struct storage *object, const char *place, struct error *error);

/*
 * Loads a tree into `directory`, made where it is missing, which may be a mount point: its content
 * is what is replaced. A checkpoint that is no tree is an error.
 */
enum load_result restore_directory(struct storage *object, const char *directory,
				   struct error *error);

#endif
