/* SPDX-License-Identifier: Apache-2.0 */
/* thread_state - whether another thread of this process waits for something, as the kernel says. */
#ifndef FLYTECTX_THREAD_STATE_H
#define FLYTECTX_THREAD_STATE_H

#include <stdbool.h>

/*
 * True: it sleeps, or there is no /proc to see it, or no system call to be made (machine.h). False:
 * it runs, or would if it had a core. Async-signal-safe.
 */
bool thread_sleeps(int tid);

#endif
