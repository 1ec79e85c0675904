/* SPDX-License-Identifier: Apache-2.0 */
/*
 * coroutine - swapcontext: each coroutine has a current context of its own, on whichever thread it
 * goes on, and starts with what was current when it was first switched to (SPEC 3.5). getcontext,
 * setcontext and jumps are not seen: what is current stays.
 *
 * What swapcontext() saves is its caller's frame alone, and may be resumed as often as that frame
 * lives: so the hook leaves none of its own. It goes on to the real one by a jump, with another
 * return address: who resumes the context comes by coroutine_resumed, which makes the context's
 * scope current and goes on where the caller had called. Both addresses are in the saved context
 * itself (coroutine_*.h). The scope is kept beside it, in a place for each address of a context
 * that was ever saved in a scope: one reference stays there until something else is saved.
 */
#include <stdatomic.h>
#include <stdint.h>

#include "hooks/coroutine.h"
#include "real.h"
#include "scope.h"
#include "state.h"
#include "sys.h"

#if defined(__x86_64__)
#include "hooks/coroutine_x86_64.h"
#elif defined(__i386__)
#include "hooks/coroutine_i386.h"
#elif defined(__aarch64__)
#include "hooks/coroutine_aarch64.h"
#endif

/* For one saved context; of the thread that saves it or goes on with it. */
struct place {
	const void *context;
	struct place *next;
	_Atomic(struct scope *) scope; /* with a reference */
	uint32_t thread : 31;
};

#define CHUNK   4096
#define BUCKETS 256

struct chunk {
	atomic_uint used;
	struct place places[(CHUNK - sizeof(void *)) / sizeof(struct place)];
};

/* Places are found by the address of their context, and never given back. */
struct table {
	_Atomic(struct place *) buckets[BUCKETS];
	_Atomic(struct chunk *) chunk;
};

static _Atomic(struct table *) table;

static struct table *table_memory(void)
{
	struct table *known = atomic_load(&table), *made;

	if (known)
		return known;
	made = sys_map(sizeof(*made));
	if (made && !atomic_compare_exchange_strong(&table, &known, made)) {
		sys_unmap(made, sizeof(*made));
		made = known;
	}
	return made;
}

/* A race for a new chunk leaves one half used. */
static struct place *new_place(struct table *all)
{
	struct chunk *chunk = atomic_load(&all->chunk);
	unsigned count = sizeof(chunk->places) / sizeof(*chunk->places);
	unsigned at = chunk ? atomic_fetch_add(&chunk->used, 1) : count;

	if (at < count)
		return &chunk->places[at];
	chunk = sys_map(CHUNK);
	if (!chunk)
		return NULL;
	atomic_store(&chunk->used, 1);
	atomic_store(&all->chunk, chunk);
	return chunk->places;
}

static struct place *place_of(const void *context)
{
	struct table *all = table_memory();
	_Atomic(struct place *) *bucket;
	struct place *place;

	if (!all)
		return NULL;
	bucket = &all->buckets[((uintptr_t)context >> 4 ^ (uintptr_t)context >> 12) % BUCKETS];
	for (place = atomic_load(bucket); place; place = place->next)
		if (place->context == context)
			return place;
	place = new_place(all);
	if (!place)
		return NULL;
	place->context = context;
	place->next = atomic_load(bucket);
	while (!atomic_compare_exchange_weak(bucket, &place->next, place))
		;
	return place;
}

/*
 * What coroutine_resumed() is to be given: a place, or, odd, the number of a thread that is in no
 * scope. 0: there is no memory, what is current stays.
 */
static uintptr_t keep(const void *context)
{
	struct scope_kept kept = scope_keep();
	struct place *place = NULL;

	if (!scope_is_root(kept.scope))
		place = place_of(context);
	if (!place) {
		uintptr_t number = scope_is_root(kept.scope) ? (uintptr_t)kept.thread << 1 | 1 : 0;

		scope_release(kept.scope, true);
		return number;
	}
	place->thread = kept.thread;
	kept.scope = atomic_exchange(&place->scope, kept.scope);
	if (kept.scope)
		scope_release(kept.scope, true);
	return (uintptr_t)place;
}

void coroutine_leaves(const void *from, struct coroutine_switch *to)
{
	to->function = (real_function *)REAL(swapcontext);
	to->resumed = NULL;
	/* One before libc's, such as AddressSanitizer's, saves a frame of its own: what is current
	 * stays. */
	if (state()->inert || has_shadow_stack() || !real_is_found(REAL_swapcontext) ||
	    (real_glibc_version() && !real_is_of_libc(REAL_swapcontext)))
		return;
	to->kept = keep(from);
	to->resumed = coroutine_resumed;
}

void coroutine_goes_on(uintptr_t kept)
{
	const struct place *place = (const struct place *)kept;

	uint32_t thread = (uint32_t)(kept >> 1) & INT32_MAX;
	struct scope_kept goes_on = { scope_root(), thread & INT32_MAX };

	if (!kept)
		return;
	if (!(kept & 1)) {
		goes_on.scope = scope_retain(atomic_load(&place->scope));
		goes_on.thread = place->thread;
	}
	scope_go_on(goes_on);
}
