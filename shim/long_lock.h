/* SPDX-License-Identifier: Apache-2.0 */
/*
 * long_lock - a lock that is held while a program is started, some hundred microseconds. Who waits
 * sleeps. It names its owner by the kernel's id: one that is gone, or of the process that this one
 * was forked from, does not hold it.
 */
#ifndef FLYTECTX_LONG_LOCK_H
#define FLYTECTX_LONG_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>

struct long_lock {
	atomic_int word; /* 0: free; a thread; negative: and others wait for it */
};

/* False: this thread has it already, in what a signal handler has interrupted. */
bool long_lock_take(struct long_lock *lock);
void long_lock_drop(struct long_lock *lock);

#endif
