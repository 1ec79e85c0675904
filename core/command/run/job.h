/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job - what may wait for a store, done by a child: flytectx hears signals meanwhile (SPEC 5.2).
 */
#ifndef FLYTECTX_RUN_JOB_H
#define FLYTECTX_RUN_JOB_H

#include "checkpoint/exports.h"

#include <stdbool.h>

/*
 * Runs `work` in a child; what it returns, at most 200. A signal that asks flytectx to end cancels
 * it: then -1, and the number of the signal. -1 and 0: the child was killed.
 */
int job_run(int (*work)(void *argument), void *argument, int *asked);

/* In the child: a transfer that shows its progress and can be cancelled. */
struct flytectx_transfer job_transfer(const char *verb, const char *url);

#endif
