/* SPDX-License-Identifier: Apache-2.0 */
/*
 * destination - where checkpoints of a run go: is one there, and is it another run's (SPEC 4.20)?
 */
#ifndef FLYTECTX_DESTINATION_H
#define FLYTECTX_DESTINATION_H

#include "flyte_ctx.h"

#include <stdbool.h>

#define DESTINATION_NOT_LOADED                                                                     \
	"it is there and is not loaded, and will be overwritten; --resume goes on with it"

/* Is it in a store? */
bool destination_is_remote(const char *url);

/* A store that is away, or a path that can't be looked at, is no word that nothing is there. */
enum destination_answer {
	DESTINATION_NONE,
	DESTINATION_HAS,
	DESTINATION_UNKNOWN, /* a line has said why */
};

/* Is there a checkpoint (SPEC 4.7)? A store may take its time. */
enum destination_answer destination_look(const char *url);

/*
 * The same, by a job: signals are heard meanwhile. `asked`: the signal that asked flytectx to end,
 * and then the answer is DESTINATION_UNKNOWN without a line; else 0.
 */
enum destination_answer destination_ask(const char *url, int *asked);

/*
 * The lock of a file that a run saves to, so that two runs never do. In use by a run that is not
 * around this one: flytectx ends. Of a store, and where files can't be locked, nothing happens.
 */
void destination_lock(const char *url);
void destination_unlock(void);

/*
 * In a JobSet restart (JOBSET_RESTART_ATTEMPT) what this attempt has saved itself is what is
 * loaded, if it has.
 */
bool destination_may_resume(const struct flyte_task_context *task);

/* Where signals are not taken. A store that gives no answer ends flytectx. */
void destination_resume(struct flyte_task_context *task);

#endif
