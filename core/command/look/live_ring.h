/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live_ring - the descriptors of musl's threads in another process: a ring, found by a word that
 * holds its own address and has the number of a thread behind it.
 */
#ifndef FLYTECTX_LIVE_RING_H
#define FLYTECTX_LIVE_RING_H

#include "command/look/live_thread.h"

/* Of the thread with this number in its own PID namespace; 0 without such a thread. */
uint64_t live_ring_descriptor(struct live_process *process, pid_t inner);

#endif
