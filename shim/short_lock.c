/* SPDX-License-Identifier: Apache-2.0 */
/* See short_lock.h. */
#include <stddef.h>

#include "scope.h"
#include "short_lock.h"
#include "sys.h"

/* About 50 us on an idle machine, a hundred times what the lock is ever held for. */
#define TRIES 100

bool short_lock_take(struct short_lock *lock)
{
	const void *self = scope_thread();

	for (int i = 0; i < TRIES; i++) {
		const void *owner = NULL;

		if (atomic_compare_exchange_strong(&lock->owner, &owner, self))
			return true;
		/* Ours: a signal handler in the middle of it, or a fork of that. It never ends. */
		if (owner == self)
			return false;
		sys_yield();
	}
	return false; /* dead or foreign: left by a thread that a fork did not bring along */
}

void short_lock_drop(struct short_lock *lock)
{
	atomic_store_explicit(&lock->owner, NULL, memory_order_release);
}

void short_lock_forget(struct short_lock *lock)
{
	if (atomic_load_explicit(&lock->owner, memory_order_relaxed) != scope_thread())
		short_lock_drop(lock);
}
