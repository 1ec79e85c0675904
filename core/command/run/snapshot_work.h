/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snapshot_work - what the child does that takes a snapshot and saves it.
 */
#ifndef FLYTECTX_SNAPSHOT_WORK_H
#define FLYTECTX_SNAPSHOT_WORK_H

#include "command/run/copy_tree.h"
#include "command/run/quiet.h"
#include "command/run/snapshot.h"

struct work {
	const struct snapshot *snapshot;
	struct guarded *guarded;
	struct helpers helpers;
	struct processes all;
	struct looks looks;
	struct copy copy;
	const char *index; /* where the index of the copy is kept */
};

/* Is the snapshot not wanted any more? One that is whole is, when flytectx was killed. */
bool work_is_over(void);
bool work_is_cancelled(void);

/* These end the child. */
__attribute__((noreturn, format(printf, 2, 3))) void work_give_up(const struct work *work,
								  const char *format, ...);
__attribute__((noreturn)) void work_save(const struct work *work, const char *path);

/* The copy is whole, and of one moment. */
__attribute__((noreturn)) void work_save_copy(struct work *work);

#endif
