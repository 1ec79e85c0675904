/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stop_processes - stops all processes below flytectx for a moment, so that what they write stands
 * still. A process that was stopped before stays so.
 */
#ifndef FLYTECTX_STOP_PROCESSES_H
#define FLYTECTX_STOP_PROCESSES_H

#include "command/run/below.h"
#include "command/run/guard.h"

enum stop_result {
	STOPPED,
	STOP_AGAIN, /* one of them does not stand still now: a child of vfork() runs, a disk is slow
		     */
	STOP_LOST,  /* the stop was revoked, or there is no memory */
};

/* A stop has begun when this returns STOPPED; else all go on again. */
enum stop_result stop_processes(struct guarded *guarded, const struct helpers *helpers,
				struct processes *all);

/* Do all that were stopped still stand still? */
bool stop_holds(const struct guarded *guarded);

#endif
