/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scope_memory - the blocks that scopes are made in. A release may come from a signal handler, so
 * it frees nothing: the thread keeps one block for its next enter, others are put aside.
 */
#ifndef FLYTECTX_SCOPE_MEMORY_H
#define FLYTECTX_SCOPE_MEMORY_H

#include "scope.h"

/* A block for a scope and `extra` bytes behind it, or NULL. Not from signal handlers. */
struct scope_entered *scope_memory_take(size_t extra);

/* Async-signal-safe. */
void scope_memory_put_aside(struct scope *scope);

/* Frees what was put aside; not from signal handlers. */
void scope_memory_free(void);

/* The same, and what this thread kept. */
void scope_memory_thread_ends(void);

#endif
