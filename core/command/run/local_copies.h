/* SPDX-License-Identifier: Apache-2.0 */
/*
 * local_copies - the checkpoints that a local run keeps in a directory of its own below the
 * workspace root (SPEC 5.24). They go as soon as nothing needs them: one of an attempt when the
 * attempt after has saved its own, all when the run has succeeded.
 *
 * A supervised run holds the lock of the file ROOT/local-NUMBER.use meanwhile: `flytectx clean`
 * leaves what has an owner.
 */
#ifndef FLYTECTX_LOCAL_COPIES_H
#define FLYTECTX_LOCAL_COPIES_H

#include <stdbool.h>

/* Of local_run_directory(); NULL: this run has none. The calling process has one at a time. */
void local_copies_begin(const char *directory);

/* The checkpoint at `path` is not needed any more; one that is elsewhere stays. */
void local_copies_drop(const char *path);

/* Ends that use; without one it does nothing. */
void local_copies_end(bool has_succeeded);

/*
 * Calls `visit` for each checkpoint of the local run `name`, a directory in the open root: its name
 * in an open directory, and its path. Links are not followed.
 */
void local_copies_each(int root, const char *root_path, const char *name,
		       void (*visit)(void *argument, int directory, const char *name,
				     const char *path),
		       void *argument);

/* Takes away the directories of a local run that have nothing in them. */
void local_copies_tidy(int root, const char *name);

#endif
