/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_count - which call of its kind is this one (SPEC 1.6)? The number that tells calls of an
 * action apart that are otherwise the same: the SDK's call sequence.
 *
 * The SDK counts in the memory of the one process that makes all calls. Here any process of a task
 * may make one, at the same time as others. So the counts are files below the workspace root, one
 * folder for each attempt of an action and in it one file for each kind of call.
 */
#ifndef FLYTECTX_CALL_COUNT_H
#define FLYTECTX_CALL_COUNT_H

#include "flyte_ctx.h"
#include "local/error.h"

/* What makes two calls the same. An empty group is none, as is NULL. */
struct call {
	const char *task_hash;
	const char *input_hash;
	const char *group;
};

/*
 * Counts this call of the action of `parent` in its attempt of that number (from 0), and returns
 * how many of its kind there have been with it. -1 with the error.
 */
int64_t call_count_next(const struct flyte_task_context *parent, long long attempt,
			const struct call *call, struct error *error);

/* That attempt begins, or is over: its counts begin at 1 again. */
void call_count_forget(const struct flyte_task_context *parent, long long attempt);

#endif
