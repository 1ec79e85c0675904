/* SPDX-License-Identifier: Apache-2.0 */
/*
 * real_missing - what is called where this process has no such function: one that does what libc's
 * would do, by the system call or by older functions, else one that reports ENOSYS.
 *
 * A program that asks by a weak symbol whether libc has the function sees ours.
 */
#ifndef FLYTECTX_REAL_MISSING_H
#define FLYTECTX_REAL_MISSING_H

#include "real.h"

/* Never NULL. Not kept: the function may be in a library that is loaded later. */
real_function *real_missing(enum real_index index);

#endif
