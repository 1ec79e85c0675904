/* SPDX-License-Identifier: Apache-2.0 */
/*
 * short_lock - a lock that is held for less than a microsecond, and that nobody waits for in vain:
 * after a tenth of a second one goes on without. It names its owner by an address of the thread's.
 */
#ifndef FLYTECTX_SHORT_LOCK_H
#define FLYTECTX_SHORT_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>

struct short_lock {
	_Atomic(const void *) owner; /* NULL: free */
};

/* False: this thread has it already, or its owner is gone. Go on without. Async-signal-safe. */
bool short_lock_take(struct short_lock *lock);
void short_lock_drop(struct short_lock *lock);

/* Waits a little: first other threads may run, from the hundredth round on a millisecond passes. */
#define SHORT_LOCK_YIELDS 100
void short_lock_wait(int round);

#endif
