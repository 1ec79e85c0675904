/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attempt - one run of CMD under supervision: started, watched, given flytectx's signals
 * (SPEC 5.9).
 */
#ifndef FLYTECTX_ATTEMPT_H
#define FLYTECTX_ATTEMPT_H

#include "command/carry/carry.h"
#include "command/run/error_output.h"
#include "command/run/snapshot.h"

#include "context/context.h"

struct watch {
	struct snapshot *snapshot;   /* NULL: no directory is saved */
	struct error_output *output; /* NULL: CMD has flytectx's own stderr */
	struct carry carry;          /* of this attempt; socket -1: none */
	bool terminated;             /* a signal has asked flytectx to end */
	int exec_error;              /* why CMD could not be executed; 0: it was */
};

/*
 * Runs the command to its end; its status as of waitpid(2). One that can't be executed leaves
 * `exec_error` set.
 */
int attempt_run(const struct context *context, char *command[], char *envp[], struct watch *watch);

/*
 * Waits for what the snapshot does, with signals heard: the first one that asks to end is noted,
 * the second one ends the save.
 */
void attempt_wait_snapshot(struct watch *watch);

#endif
