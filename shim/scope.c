/* SPDX-License-Identifier: Apache-2.0 */
/* See scope.h. The memory of scopes: scope_memory.c. */
#include <errno.h>

#include "arena.h"
#include "context/layout.h"
#include "hook_way.h"
#include "real.h"
#include "scope.h"
#include "scope_memory.h"
#include "state.h"
#include "thread_end.h"

/* The root's view before anybody asked: no process pays for decoding what it never looks at. */
#define UNDECODED ((const struct flyte_task_context *)LAYOUT_UNDECODED)

static struct scope root = { .view = UNDECODED };

/* What a program that has no task installs with flyte_ctx_swap(NULL). Never counted either. */
static const struct context no_context = { .task.size = sizeof(struct flyte_task_context) };
static struct scope outside;

/*
 * With the numbers of scope_token.c all that a thread has here: 16 bytes of static TLS. Its image
 * is the root: threads of SIGEV_THREAD, of raw clone, of other libraries' constructors are right
 * without our help.
 */
_Thread_local _Atomic(struct scope *) scope_of_thread = &root;

static atomic_bool root_was_left;

static const struct context *make_root_context(void)
{
	const struct state_carrier *carrier = state_carrier();
	struct context *context = NULL;

	if (carrier->text)
		context = arena_take(sizeof(*context) + carrier->size.memory);
	if (!context)
		return &no_context;
	wire_decode(carrier->text + sizeof(WIRE_PREFIX) - 1, &carrier->size, context + 1, context);
	return context;
}

static const struct flyte_task_context *view_of(const struct context *context)
{
	return context_has_task(context) ? &context->task : NULL;
}

/*
 * Two that decode at once come to the same; the second throws its own away. Kept out of
 * flyte_ctx(), which would have to save registers for it.
 */
__attribute__((noinline, cold)) static const struct flyte_task_context *decode_root(void)
{
	const struct context *known = NULL, *made;

	/* What is found too early is not kept. */
	if (!state_is_known())
		return NULL;
	made = make_root_context();
	if (!atomic_compare_exchange_strong(&root.context, &known, made))
		made = known;
	atomic_store_explicit(&root.body_length, wire_body_length(made), memory_order_relaxed);
	atomic_store_explicit(&root.view, view_of(made), memory_order_release);
	return view_of(made);
}

EXPORT const struct flyte_task_context *flyte_ctx(void)
{
	const struct scope *scope = atomic_load_explicit(&scope_of_thread, memory_order_relaxed);
	const struct flyte_task_context *view =
		atomic_load_explicit(&scope->view, memory_order_acquire);

	return view != UNDECODED ? view : decode_root();
}

/*
 * Where the thread has it. For a runtime that switches contexts at each step of an event loop, to
 * which two calls a step are too dear: what it puts there is lent, and is taken away again before
 * anything that holds it is released. The first that a thread has comes by flyte_ctx_swap().
 */
EXPORT void *flytectx_ctx_slot(void);

EXPORT void *flytectx_ctx_slot(void)
{
	return &scope_of_thread;
}

bool scope_is_root(const struct scope *scope)
{
	return scope == &root;
}

struct scope *scope_root(void)
{
	return &root;
}

bool scope_root_was_left(void)
{
	return atomic_load_explicit(&root_was_left, memory_order_relaxed);
}

/* Looks first: a store would take the line from all other threads. */
void scope_note_leaving(void)
{
	if (scope_root_was_left())
		return;
	atomic_store_explicit(&root_was_left, true, memory_order_relaxed);
	hook_ways_wake();
}

bool scope_is_counted(const struct scope *scope)
{
	return scope != &root && scope != &outside;
}

const struct context *scope_context_of(struct scope *scope)
{
	const struct context *context;

	if (atomic_load_explicit(&scope->view, memory_order_acquire) == UNDECODED)
		decode_root();
	context = atomic_load_explicit(&scope->context, memory_order_acquire);
	return context ? context : &no_context;
}

const struct context *scope_root_context(void)
{
	return scope_context_of(&root);
}

/* --- references --- */

struct scope *scope_retain(struct scope *scope)
{
	if (scope_is_counted(scope))
		atomic_fetch_add_explicit(&scope->references, 1, memory_order_relaxed);
	return scope;
}

/* False where it is dead already: a handler has exited it since we found it. */
bool scope_retain_if_alive(struct scope *scope)
{
	unsigned references;

	if (!scope_is_counted(scope))
		return true;
	references = atomic_load_explicit(&scope->references, memory_order_relaxed);
	while (references)
		if (atomic_compare_exchange_weak(&scope->references, &references, references + 1))
			return true;
	return false;
}

void scope_release(struct scope *scope, bool elsewhere)
{
	while (scope_is_counted(scope) &&
	       atomic_fetch_sub_explicit(&scope->references, 1, memory_order_acq_rel) == 1) {
		struct scope *outer = scope->outer;

		scope_memory_put_aside(scope, elsewhere);
		scope = outer;
	}
}

struct scope *scope_retain_current(void)
{
	struct scope *scope = scope_current();

	while (!scope_retain_if_alive(scope))
		scope = scope_current();
	return scope;
}

struct scope *scope_swap(struct scope *scope)
{
	if (scope != &root)
		scope_note_leaving();
	if (scope_is_counted(scope))
		thread_end_arm();
	return atomic_exchange(&scope_of_thread, scope);
}

struct scope *scope_of(const struct flyte_task_context *view)
{
	const struct flyte_task_context *first = atomic_load(&root.view);

	if (view == first)
		return &root;
	if (!view)
		return first == UNDECODED && !decode_root() ? &root : &outside;
	return (struct scope *)(uintptr_t)((const char *)view -
					   offsetof(struct scope_entered, context));
}

void scope_thread_ends(void)
{
	scope_release(scope_swap(&root), false); /* first, for the destructors that run after us */
}
