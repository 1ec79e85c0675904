/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live_context - the context that is current on a thread of another process at this moment
 * (SPEC 5.14).
 *
 * The thread goes on meanwhile: it may leave the scope that is being read, and use the scope's
 * memory for another. So its place is read again afterwards, and the token of the scope, which no
 * two scopes share; where either has changed, all is read anew.
 */
#ifndef FLYTECTX_LIVE_CONTEXT_H
#define FLYTECTX_LIVE_CONTEXT_H

#include "command/look/live_library.h"
#include "flyte_ctx.h"

enum live_answer {
	LIVE_CONTEXT,
	LIVE_OUTSIDE,    /* of a task */
	LIVE_AS_STARTED, /* as the process was started, which its environment says */
	LIVE_MOVED,      /* at each look another */
	LIVE_UNREADABLE, /* it ended, or what is there is no context */
};

/* What is seen of a context. All point into `room`. */
struct live_seen {
	const char *action, *run, *group; /* NULL where unset */
	size_t count;
	struct flyte_pair *pairs;
	char *room; /* LIVE_ROOM bytes, the caller's, aligned as by malloc(3) */
};

#define LIVE_ROOM FOREIGN_BUDGET

/* Reads what the thread with this thread pointer has. The memory's budget bounds all looks. */
enum live_answer live_context_read(struct foreign_memory *memory,
				   const struct live_library *library, uint64_t thread_pointer,
				   struct live_seen *seen);

#endif
