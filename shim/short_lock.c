/* SPDX-License-Identifier: Apache-2.0 */
/* See short_lock.h. */
#include <stddef.h>
#include <time.h>

#include "scope.h"
#include "short_lock.h"
#include "sys.h"

/* The lock is held for less than a microsecond of work; its owner may lose its core meanwhile. */
#define YIELDS 100
#define SLEEPS 100 /* of a millisecond each */

static void wait_a_little(int round)
{
	static const struct timespec millisecond = { .tv_nsec = 1000000 };

	if (round < YIELDS)
		sys_yield();
	else
		sys_call(SYS_nanosleep, (long)&millisecond, 0, 0, 0, 0, 0);
}

/* In place of an owner that does not give it back. */
static char abandoned;

/*
 * Who has had it for a tenth of a second without anybody else getting it in between is not going
 * to give it back: a thread that a clone did not bring along, or one that waits for us elsewhere.
 * What it was about to change is then left unread, until it does after all.
 */
bool short_lock_take(struct short_lock *lock)
{
	const void *self = scope_thread(), *last = NULL;
	int round = 0;

	for (;;) {
		const void *owner = NULL;

		if (atomic_compare_exchange_strong(&lock->owner, &owner, self))
			return true;
		/* Ours: a signal handler in the middle of it. It never ends while we wait. */
		if (owner == self || owner == &abandoned)
			return false;
		if (owner != last)
			round = 0;
		last = owner;
		if (round++ == YIELDS + SLEEPS)
			atomic_compare_exchange_strong(&lock->owner, &owner, &abandoned);
		else
			wait_a_little(round);
	}
}

void short_lock_drop(struct short_lock *lock)
{
	atomic_store_explicit(&lock->owner, NULL, memory_order_release);
}
