/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attempt - one run of CMD under supervision: started, watched, given our signals (SPEC 5).
 */
#ifndef FLYTECTX_ATTEMPT_H
#define FLYTECTX_ATTEMPT_H

#include "command/run/snapshot.h"

#include "context/context.h"
#include <signal.h>

struct watch {
	struct snapshot *snapshot; /* NULL: no directory is saved */
	double every;              /* seconds between two snapshots; 0: none */
	bool terminated;           /* a signal has asked us to end */
};

/*
 * Takes over the signals that are to be passed on. With `adopt` what CMD leaves behind in the
 * background stays below us, so that it too is stopped for a snapshot. Call once.
 */
void attempt_prepare(bool adopt);

/* Runs the command to its end; its status as of waitpid(2). Not executable ends flytectx. */
int attempt_run(const struct context *context, char *command[], char *envp[], struct watch *watch);

/* Ends flytectx by the signal that ended CMD. */
__attribute__((noreturn)) void attempt_die_of(int number);

#endif
