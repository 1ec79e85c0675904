/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scope - which context is current on a thread (SPEC 2).
 *
 * Scopes form a chain: each was entered inside its outer one, and the root, the context that the
 * process was started with, is outside all. A scope is immutable but for its count of references:
 * one from each thread on which it is current, one from each scope inside it. The root is static
 * and never counted: every thread starts with it for free, also one that nobody captured.
 *
 * Entering allocates. Everything else is async-signal-safe: what a release would free is put
 * aside, and freed by the next enter or thread end.
 */
#ifndef FLYTECTX_SCOPE_H
#define FLYTECTX_SCOPE_H

#include <stdatomic.h>

#include "context.h"

struct scope {
	/* First, since flyte_ctx() is little more than reading it. NULL: outside a task. */
	_Atomic(const struct flyte_task_context *) view;
	struct scope *outer;
	char *carrier; /* "FLYTE_CTX=..."; the root's is that of the process (state.h) */
	flyte_token token;
	atomic_uint references;
	struct context context;
};

/* The scope that is current on this thread, borrowed. Never NULL. */
struct scope *scope_current(void);

bool scope_is_root(const struct scope *scope);

/* "FLYTE_CTX=..." for a child of this thread, borrowed; NULL outside a task. */
const char *scope_carrier(void);

/* The current context with what programs don't see, or NULL outside a task. */
const struct context *scope_context(void);

/* Makes `scope` current, inside what is current now; takes over the caller's reference. */
flyte_token scope_push(struct scope *scope);

/* flyte_context_exit() */
int scope_exit(flyte_token token);

struct scope *scope_retain(struct scope *scope);
void scope_release(struct scope *scope);

/* On a new thread: makes its creator's scope current; takes over the reference. */
void scope_adopt(struct scope *scope);

/* Drops whatever is still entered on this thread; it has the root's context then. */
void scope_thread_ends(void);

/* Frees what was put aside; not from signal handlers. */
void scope_free_released(void);

/* Which thread this is, as long as it lives; another thread of the process differs. */
const void *scope_thread(void);

#endif
