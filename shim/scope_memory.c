/* SPDX-License-Identifier: Apache-2.0 */
/* See scope_memory.h. */
#include "real.h"
#include "scope_memory.h"

/* Lists by `next` that only grow, or are taken whole: no ABA. */
static _Thread_local _Atomic(struct scope *) kept;

/* Of threads that release what others entered, and may never enter themselves. */
static _Atomic(struct scope *) elsewhere_kept;

void scope_memory_put_aside(struct scope *scope, bool elsewhere)
{
	_Atomic(struct scope *) *list = elsewhere ? &elsewhere_kept : &kept;

	scope->next = atomic_load_explicit(list, memory_order_relaxed);
	while (!atomic_compare_exchange_weak(list, &scope->next, scope))
		;
}

void scope_memory_free(struct scope *scope)
{
	while (scope) {
		struct scope *next = scope->next;

		REAL(free)(scope);
		scope = next;
	}
}

struct scope *scope_memory_dead(void)
{
	if (atomic_load_explicit(&elsewhere_kept, memory_order_relaxed))
		scope_memory_free(atomic_exchange(&elsewhere_kept, NULL));
	return atomic_exchange_explicit(&kept, NULL, memory_order_relaxed);
}

void scope_memory_thread_ends(void)
{
	scope_memory_free(scope_memory_dead());
}

/* A block far too large stays unused: it may have come from one huge context. */
static bool fits(const struct scope *scope, size_t size)
{
	return scope->size >= size && scope->size / 8 <= size;
}

/* Entering and exiting in a loop is the common use: there the first block fits. */
static struct scope *allocate(struct scope *dead, size_t size)
{
	struct scope *scope;

	if (dead && fits(dead, size)) {
		scope_memory_free(dead->next);
		return dead;
	}
	scope_memory_free(dead);
	scope = REAL(malloc)(size);
	if (scope)
		scope->size = size;
	return scope;
}

struct scope_entered *scope_memory_take(struct scope *dead, size_t extra)
{
	struct scope *scope = allocate(dead, sizeof(struct scope_entered) + extra);

	if (scope) {
		atomic_init(&scope->references, 1);
		atomic_init(&scope->encoded, SCOPE_NOT_ENCODED);
	}
	return (struct scope_entered *)scope;
}
