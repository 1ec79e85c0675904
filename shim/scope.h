/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scope - which context is current on a thread (SPEC 2.4).
 *
 * Scopes form a chain: each was entered inside its outer one, and the root, the context that the
 * process was started with, is outside all. A scope is immutable but for its count of references:
 * one from each thread on which it is current and from each coroutine that is to go on with it, one
 * from each scope inside it, one for each retain. The root is static and never counted: every
 * thread starts with it for free, also one that nobody captured.
 *
 * Entering allocates. Everything else is async-signal-safe, also where it interrupts an enter or an
 * exit: memory of scopes is used again or freed by the thread's next enter alone, and what is
 * current is moved by compare-and-swap, so that who was interrupted begins again.
 */
#ifndef FLYTECTX_SCOPE_H
#define FLYTECTX_SCOPE_H

#include <stdatomic.h>

#include "context/context.h"
#include "self.h"

/* Of a scope's carrier. */
enum { SCOPE_NOT_ENCODED, SCOPE_BEING_ENCODED, SCOPE_ENCODED };

struct scope {
	/* First, since flyte_ctx() is little more than reading it. NULL: outside a task. */
	_Atomic(const struct flyte_task_context *) view;
	_Atomic(const struct context *) context;
	struct scope *outer;
	struct scope *next; /* once it is dead, see scope_memory.h */
	flyte_token token;
	atomic_uint references;
	atomic_uint encoded;       /* which of the three */
	size_t size;               /* of the block that this is the head of */
	atomic_size_t body_length; /* of the carrier, without its header */
	char *carrier;             /* "FLYTE_CTX=...", room for it; the root's is in state.h */
};

/* The head of the block of a scope that was entered. */
struct scope_entered {
	struct scope scope;
	struct context context;
};

/* The scope that is current on this thread, borrowed. Never NULL. */
static inline struct scope *scope_current(void)
{
	return atomic_load_explicit(&scope_of_thread, memory_order_relaxed);
}

bool scope_is_root(const struct scope *scope);
struct scope *scope_root(void);

/* False while no thread has ever left the root: pools have nothing to carry then. */
bool scope_root_was_left(void);

/* "FLYTE_CTX=..." for a child of this thread, borrowed; NULL where there is nothing to carry. */
const char *scope_carrier(void);

/* The same, read: what a process was given may turn out to be no carrier (state.h). */
const char *scope_sound_carrier(void);

/* Is there nothing to carry though the process has a context? After flyte_ctx_swap(NULL). */
bool scope_is_outside(void);

/* Has it references? The root and what is outside of tasks have none. */
bool scope_is_counted(const struct scope *scope);

/* A thread leaves the root: see scope_root_was_left(). */
void scope_note_leaving(void);

/* The context of a scope with what programs don't see, borrowed. Never NULL. */
const struct context *scope_context_of(struct scope *scope);

/* The same of the root: what the process began with. */
const struct context *scope_root_context(void);

/* The same of the current scope. */
static inline const struct context *scope_context(void)
{
	return scope_context_of(scope_current());
}

/* The length of a scope's carrier without the header. */
static inline size_t scope_body_length(struct scope *scope)
{
	return atomic_load_explicit(&scope->body_length, memory_order_relaxed);
}

/*
 * Makes `scope` current, inside `outer`; takes over the caller's reference. 0 where `outer` is
 * not current any more: a signal handler has exited it.
 */
flyte_token scope_push(struct scope *scope, struct scope *outer);

/* flyte_context_exit() */
int scope_exit(flyte_token token);

struct scope *scope_retain(struct scope *scope);

/* The same, unless its last reference is gone meanwhile: false. */
bool scope_retain_if_alive(struct scope *scope);

/* The current scope, with a reference. */
struct scope *scope_retain_current(void);

/* With `elsewhere`: not by the thread that exits it, see scope_memory.h. */
void scope_release(struct scope *scope, bool elsewhere);

/* Makes `scope` current instead of what is; takes over the reference, and gives that of the old. */
struct scope *scope_swap(struct scope *scope);

/* The scope whose context a program holds; NULL is the one outside of tasks. */
struct scope *scope_of(const struct flyte_task_context *view);

/*
 * Before a provider is asked. False where it is not to be: this thread is asking already, or has
 * entered the current scope itself, which is newer than what the provider knows.
 */
bool scope_asking_begins(void);

void scope_asking_ends(void);

/*
 * What a coroutine has while another runs on its thread: a reference to its scope, and the thread
 * whose number the tokens of its scopes have.
 */
struct scope_kept {
	struct scope *scope;
	uint32_t thread : 31;
};

struct scope_kept scope_keep(void);

/* It goes on, perhaps on another thread; takes over the reference. */
void scope_go_on(struct scope_kept kept);

/* Drops whatever is still entered on this thread; it has the root's context then. */
void scope_thread_ends(void);

#endif
