/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process - fork and _Fork. The child has the calling thread's memory and so its context: there
 * is nothing to carry. But what other threads are doing stays undone in it: so the environment is
 * not forked in the middle of a setenv, and exec's real functions are looked up before. So is the
 * rest of what an exec needs, that not each child does it anew.
 *
 * Not here, nor anywhere: vfork, since its child would return through our frame.
 */
#include "environ.h"
#include "library.h"
#include "real.h"
#include "scope.h"

static bool begin(void)
{
	real_resolve_exec();
	library_path();
	scope_sound_carrier();
	return environ_read_begin();
}

static pid_t end(bool reading, pid_t pid)
{
	if (reading && pid == 0)
		environ_read_forked();
	else if (reading)
		environ_read_end();
	return pid;
}

pid_t fork(void)
{
	bool reading = begin();

	return end(reading, REAL(fork)());
}

pid_t _Fork(void)
{
	bool reading = begin();

	return end(reading, REAL(_Fork)());
}
