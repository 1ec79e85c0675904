/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena - memory that is never given back: what the shim makes at most a few times in a
 * process. Zeroed, aligned for anything we keep, lock-free, async-signal-safe. The first kilobytes
 * are static and cost no system call; what doesn't fit there is mapped. NULL: there is no memory.
 */
#ifndef FLYTECTX_ARENA_H
#define FLYTECTX_ARENA_H

#include <stddef.h>

void *arena_take(size_t size);

#endif
