/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process - fork and _Fork. The child has the calling thread's memory and so its context: there
 * is nothing to carry. But what other threads are doing stays undone in it: so the environment is
 * not forked in the middle of a setenv, and exec's real functions are looked up before. So is the
 * rest of what an exec needs, that not each child does it anew.
 *
 * Not here, nor anywhere: vfork, since its child would return through our frame.
 */
#include "environ_lock.h"
#include "own_path.h"
#include "provider.h"
#include "real.h"
#include "repairs.h"
#include "scope.h"

struct begun {
	struct scope *before; /* a provider's answer, see provider.h */
	bool reading;
};

static struct begun begin(void)
{
	struct begun begun = { provider_enter(), false };

	real_resolve_exec();
	library_path();
	scope_sound_carrier();
	repairs_before_fork();
	begun.reading = environ_fork_begin();
	return begun;
}

static pid_t end(struct begun begun, pid_t pid)
{
	if (begun.reading && pid == 0)
		environ_fork_child();
	else if (begun.reading)
		environ_fork_end();
	if (pid == 0)
		provider_forked(begun.before);
	else
		provider_leave(begun.before);
	return pid;
}

pid_t fork(void)
{
	struct begun begun = begin();

	return end(begun, REAL(fork)());
}

pid_t _Fork(void)
{
	struct begun begun = begin();

	return end(begun, REAL(_Fork)());
}
