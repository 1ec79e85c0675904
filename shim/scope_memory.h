/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scope_memory - the blocks that scopes are made in. A scope may be exited or released by a signal
 * handler, in the middle of an enter or exit of its thread: so neither frees anything. Blocks are
 * kept by their thread, and used again or freed by its next enter or at its end.
 */
#ifndef FLYTECTX_SCOPE_MEMORY_H
#define FLYTECTX_SCOPE_MEMORY_H

#include "scope.h"

/* Blocks that are dead for certain: take them before you look at what is current. */
struct scope *scope_memory_dead(void);

/*
 * A block for a scope and `extra` bytes behind it, one of the dead if one fits; the others are
 * freed. NULL: no memory. Not from signal handlers.
 */
struct scope_entered *scope_memory_take(struct scope *dead, size_t extra);

/* Async-signal-safe. The thread keeps it; with `elsewhere` any thread's next enter frees it. */
void scope_memory_put_aside(struct scope *scope, bool elsewhere);

void scope_memory_free(struct scope *dead);

void scope_memory_thread_ends(void);

#endif
