/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attempt - one run of CMD under supervision: started, watched, given flytectx's signals
 * (SPEC 5.9).
 */
#ifndef FLYTECTX_ATTEMPT_H
#define FLYTECTX_ATTEMPT_H

#include "command/run/snapshot.h"

#include "context/context.h"

struct watch {
	struct snapshot *snapshot; /* NULL: no directory is saved */
	bool terminated;           /* a signal has asked flytectx to end */
};

/* Runs the command to its end; its status as of waitpid(2). Not executable ends flytectx. */
int attempt_run(const struct context *context, char *command[], char *envp[], struct watch *watch);

/*
 * Waits for what the snapshot does, with signals heard: the first one that asks to end is noted,
 * the second one ends the save.
 */
void attempt_wait_snapshot(struct watch *watch);

#endif
