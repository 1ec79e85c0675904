/* SPDX-License-Identifier: Apache-2.0 */
/* coroutine - between the hook swapcontext(), which is written in assembly, and its C. */
#ifndef FLYTECTX_COROUTINE_H
#define FLYTECTX_COROUTINE_H

#include <stdint.h>

#include "real.h"

struct coroutine_switch {
	real_function *function; /* that does it */
	uintptr_t kept;          /* what coroutine_goes_on() is to be given, */
	real_function *resumed;  /* by this; NULL: nothing is kept */
};

/* What is current goes with the context that is about to be saved in `from`. */
__attribute__((used)) void coroutine_leaves(const void *from, struct coroutine_switch *to);

/* It is resumed, perhaps not for the first time. */
__attribute__((used)) void coroutine_goes_on(uintptr_t kept);

/* Where a saved context goes on. No function: it has its own arguments, and returns elsewhere. */
void coroutine_resumed(void);

#endif
