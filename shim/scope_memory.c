/* SPDX-License-Identifier: Apache-2.0 */
/* See scope_memory.h. */
#include "real.h"
#include "scope_memory.h"

/* Entering and exiting in a loop is the common use: it takes no malloc. */
static _Thread_local _Atomic(struct scope *) kept;

/* A list that only grows, or is taken whole: no ABA. Linked by `outer`. */
static _Atomic(struct scope *) aside;

void scope_memory_put_aside(struct scope *scope)
{
	/* One instruction, so that a handler which comes in between loses nothing. */
	scope = atomic_exchange_explicit(&kept, scope, memory_order_relaxed);
	if (!scope)
		return;
	scope->outer = atomic_load(&aside);
	while (!atomic_compare_exchange_weak(&aside, &scope->outer, scope))
		;
}

void scope_memory_free(void)
{
	struct scope *scope;

	if (!atomic_load_explicit(&aside, memory_order_relaxed))
		return;
	scope = atomic_exchange(&aside, NULL);
	while (scope) {
		struct scope *next = scope->outer;

		REAL(free)(scope);
		scope = next;
	}
}

void scope_memory_thread_ends(void)
{
	REAL(free)(atomic_exchange(&kept, NULL));
	scope_memory_free();
}

/* A block far too large stays unused: it may have come from one huge context. */
static bool fits(const struct scope *scope, size_t size)
{
	return scope->size >= size && scope->size / 8 <= size;
}

struct scope_entered *scope_memory_take(size_t extra)
{
	struct scope *scope = atomic_exchange_explicit(&kept, NULL, memory_order_relaxed);
	size_t size = sizeof(struct scope_entered) + extra;

	scope_memory_free();
	if (scope && fits(scope, size)) {
		size = scope->size;
	} else {
		REAL(free)(scope);
		scope = REAL(malloc)(size);
	}
	if (scope) {
		scope->size = size;
		atomic_init(&scope->references, 1);
		atomic_init(&scope->encoded, SCOPE_NOT_ENCODED);
	}
	return (struct scope_entered *)scope;
}
