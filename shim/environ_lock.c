/* SPDX-License-Identifier: Apache-2.0 */
/* See environ_lock.h. */
#include <limits.h>
#include <stdatomic.h>
#include <stddef.h>

#include "environ_lock.h"
#include "machine.h"
#include "self.h"
#include "short_lock.h"
#include "sys.h"
#include "thread_state.h"

static atomic_uint readers;

/*
 * The thread that forks, by an address of its own; one of them. Handlers of pthread_atfork() run
 * meanwhile, and may change environ themselves.
 */
static _Atomic(const void *) forker;
static atomic_int forker_tid;

/*
 * While there has been one thread only, readers are not counted: what is written here between a
 * fork and an exec makes the kernel copy our page, 2 us for each process that is started.
 */
static atomic_bool threads;

void environ_has_threads(void)
{
	if (!atomic_load_explicit(&threads, memory_order_relaxed))
		atomic_store(&threads, true);
}

/* The thread that is changing environ, by an address of its own; or `gone`. */
static _Atomic(const void *) changer;

/* In place of one who was changing it and does not come to an end: not brought along by a clone. */
static char gone;

/*
 * In milliseconds, about. A change takes less than a microsecond, but on a busy machine its thread
 * may be without a core for tenths of a second. A fork takes long, and its handlers may wait for
 * the thread that waits here: so it is let go on where the fork is seen asleep FORK_SLEEPS times,
 * and the child, which may then have an environ in the middle of a change, is told by `changer`.
 */
#define CHANGE_ROUNDS (SHORT_LOCK_YIELDS + 2000)
#define READ_ROUNDS   (SHORT_LOCK_YIELDS + 3000)
#define FORK_ROUNDS   (SHORT_LOCK_YIELDS + 30)
#define FORK_SLEEPS   20

/* Counted while it waits: no further change begins meanwhile, so it waits for one only. */
bool environ_read_begin(void)
{
	const void *owner;

	if (!atomic_load_explicit(&threads, memory_order_relaxed))
		return !atomic_load(&changer);
	atomic_fetch_add(&readers, 1);
	for (int round = 0; (owner = atomic_load(&changer)); round++) {
		if (round >= CHANGE_ROUNDS)
			atomic_compare_exchange_strong(&changer, &owner, &gone);
		if (owner == self_thread() || owner == &gone || round >= CHANGE_ROUNDS) {
			environ_read_end();
			return false;
		}
		short_lock_wait(round);
	}
	return true;
}

/* Not below 0: a change that waited in vain for a reader who is gone starts the count anew. */
void environ_read_end(void)
{
	unsigned count = atomic_load(&readers);

	while (count && !atomic_compare_exchange_weak(&readers, &count, count - 1))
		;
}

bool environ_fork_begin(void)
{
	if (!environ_read_begin())
		return false;
	if (atomic_load_explicit(&threads, memory_order_relaxed)) {
		atomic_store(&forker_tid, machine_looks_no_more() ? 0 : sys_gettid());
		atomic_store(&forker, self_thread());
	}
	return true;
}

void environ_fork_end(void)
{
	if (atomic_load(&forker) == self_thread())
		atomic_store(&forker, NULL);
	environ_read_end();
}

void environ_fork_child(void)
{
	const void *owner = atomic_load(&changer);

	if (atomic_load(&readers))
		atomic_store(&readers, 0);
	if (atomic_load(&forker))
		atomic_store(&forker, NULL);
	/* Another thread's, which had waited for the fork long enough: it never ends here. */
	if (owner && owner != self_thread())
		atomic_store(&changer, &gone);
	else if (owner)
		atomic_store(&changer, NULL);
}

/*
 * So many readers at most, and nobody begins to: whoever does so from now on sees that we are
 * changing.
 */
static bool try_change(const void *self, unsigned most)
{
	const void *owner = atomic_load(&changer);

	/* Ours from before: that call was left by a longjmp, or we are in a handler within it. */
	if (owner == self)
		return true;
	if ((owner && owner != &gone) || atomic_load(&readers) > most)
		return false;
	if (!atomic_compare_exchange_strong(&changer, &owner, self))
		return false;
	if (atomic_load(&readers) <= most)
		return true;
	atomic_store(&changer, NULL);
	return false;
}

/* This thread is one itself, while it forks; others wait for a fork that gets on. */
static unsigned readers_allowed(const void *self, int sleeps)
{
	return sleeps >= FORK_SLEEPS ? UINT_MAX : atomic_load(&forker) == self;
}

/* How often in a row the thread that forks was asleep, in this round too. */
static int fork_sleeps(int before, int round)
{
	if (round < FORK_ROUNDS || !atomic_load(&forker))
		return 0;
	return thread_sleeps(atomic_load(&forker_tid)) ? before + 1 : 0;
}

bool environ_change_begin(void)
{
	const void *self = self_thread();

	for (int round = 0, sleeps = 0; round < READ_ROUNDS; round++) {
		if (try_change(self, readers_allowed(self, sleeps)))
			return true;
		short_lock_wait(round);
		sleeps = fork_sleeps(sleeps, round);
	}
	atomic_store(&readers, 0);
	return false;
}

void environ_change_end(void)
{
	atomic_store(&changer, NULL);
}
