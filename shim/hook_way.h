/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hook_way - where the hooks go on (hook_stub.c). Where the preload is inert, and outside of any
 * task until a context is made there, that is the real function: the hook is a jump.
 */
#ifndef FLYTECTX_HOOK_WAY_H
#define FLYTECTX_HOOK_WAY_H

#include "real.h"

/* NULL: not known yet. */
extern _Atomic(real_function *) hook_ways[REAL_BEHIND_HOOKS];

/* From the body's own place in this table. */
extern const int hook_bodies[REAL_BEHIND_HOOKS];

/* Where the first call of a hook goes on; the arguments are not looked at. */
real_function *hook_route(int number, void **registers, void **stack);

/* There may be a context from now on in a process that was outside of all tasks. */
void hook_ways_wake(void);

/* Finds the ways of exec's family, before a fork: that not each child writes to the table. */
void hook_ways_of_exec(void);

#endif
