/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process - fork and _Fork. The child has the calling thread's memory and so its context: there
 * is nothing to carry. It only has to learn that the owner of our lock may not be in it, and to
 * find the exec family looked up.
 *
 * Not here, nor anywhere: vfork, since its child would return through our frame.
 */
#include "environ.h"
#include "real.h"

pid_t fork(void)
{
	pid_t pid;

	real_resolve_exec();
	pid = REAL(fork)();
	if (pid == 0)
		short_lock_forget(&environ_lock);
	return pid;
}

pid_t _Fork(void)
{
	pid_t pid;

	real_resolve_exec();
	pid = REAL(_Fork)();
	if (pid == 0)
		short_lock_forget(&environ_lock);
	return pid;
}
