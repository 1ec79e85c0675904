/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process - fork and _Fork. The child has the calling thread's memory and so its context: there
 * is nothing to carry. But what other threads are doing stays undone in it: so the environment is
 * not forked in the middle of a setenv, and exec's real functions are looked up before.
 *
 * Not here, nor anywhere: vfork, since its child would return through our frame.
 */
#include "environ.h"
#include "real.h"

static bool begin(void)
{
	real_resolve_exec();
	return short_lock_take(&environ_lock);
}

/* In the parent, and in the child, where the thread that has the lock is the one that is left. */
static pid_t end(bool locked, pid_t pid)
{
	if (locked)
		short_lock_drop(&environ_lock);
	return pid;
}

pid_t fork(void)
{
	bool locked = begin();

	return end(locked, REAL(fork)());
}

pid_t _Fork(void)
{
	bool locked = begin();

	return end(locked, REAL(_Fork)());
}
