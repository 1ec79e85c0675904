/* SPDX-License-Identifier: Apache-2.0 */
/* See short_lock.h. */
#include <stddef.h>

#include "self.h"
#include "short_lock.h"
#include "sys.h"

void short_lock_wait(int round)
{
	/* The kernel's own struct timespec: libc's may have wider seconds. */
	static const long millisecond[2] = { 0, 1000000 };

	if (round < SHORT_LOCK_YIELDS)
		sys_yield();
	else
		sys_call(SYS_nanosleep, (long)millisecond, 0, 0, 0, 0, 0);
}

bool short_lock_take(struct short_lock *lock)
{
	const void *self = self_thread();

	for (int round = 0; round < SHORT_LOCK_YIELDS + 100; round++) {
		const void *owner = NULL;

		if (atomic_compare_exchange_strong(&lock->owner, &owner, self))
			return true;
		if (owner == self)
			return false;
		short_lock_wait(round);
	}
	return false;
}

void short_lock_drop(struct short_lock *lock)
{
	atomic_store_explicit(&lock->owner, NULL, memory_order_release);
}
