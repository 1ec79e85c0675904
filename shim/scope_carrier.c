/* SPDX-License-Identifier: Apache-2.0 */
/* The part of scope.h that is for starting programs: what a child is to have in FLYTE_CTX. */
#include "scope.h"
#include "state.h"
#include "sys.h"

/* True once somebody else has written the carrier. Who does is done in a microsecond. */
static bool wait_for_carrier(struct scope *scope)
{
	for (int i = 0; i < 100; i++) {
		if (atomic_load_explicit(&scope->encoded, memory_order_acquire) == SCOPE_ENCODED)
			return true;
		sys_yield();
	}
	return false;
}

/*
 * Written at the first start of a program, into the room that the scope has for it: entering is
 * for loops, starting is not. Who has waited in vain (in a signal handler that interrupted the
 * writing, in a fork of it) writes the same characters once more.
 */
static void write_carrier(struct scope *scope)
{
	unsigned state = SCOPE_NOT_ENCODED;

	if (!atomic_compare_exchange_strong(&scope->encoded, &state, SCOPE_BEING_ENCODED) &&
	    wait_for_carrier(scope))
		return;
	wire_encode(scope_context_of(scope), wire_length_of(scope->body_length),
		    text_copy(scope->carrier, WIRE_PREFIX, sizeof(WIRE_PREFIX) - 1));
	atomic_store_explicit(&scope->encoded, SCOPE_ENCODED, memory_order_release);
}

const char *scope_carrier(void)
{
	struct scope *scope = scope_current();

	if (scope_is_root(scope))
		return state()->carrier;
	if (scope->carrier &&
	    atomic_load_explicit(&scope->encoded, memory_order_acquire) != SCOPE_ENCODED)
		write_carrier(scope);
	return scope->carrier;
}

const char *scope_sound_carrier(void)
{
	return scope_is_root(scope_current()) ? state_carrier()->text : scope_carrier();
}

bool scope_is_outside(void)
{
	const struct scope *scope = scope_current();

	return !scope_is_root(scope) && !scope->carrier && state()->carrier;
}
