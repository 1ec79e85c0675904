/* SPDX-License-Identifier: Apache-2.0 */
/*
 * permanent - memory that is never given back: what the shim makes at most a few times in a
 * process. Zeroed, aligned for anything we keep, lock-free, async-signal-safe. The first kilobytes
 * are static and cost no system call; what doesn't fit there is mapped. NULL: there is no memory.
 */
#ifndef FLYTECTX_PERMANENT_H
#define FLYTECTX_PERMANENT_H

#include <stddef.h>

void *permanent(size_t size);

#endif
