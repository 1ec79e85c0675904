/* SPDX-License-Identifier: Apache-2.0 */
/*
 * coroutine - swapcontext: each coroutine has a current context of its own, on whichever thread it
 * goes on, and starts with what was current when it was first switched to (SPEC 3.5). What is
 * switched away from keeps its scope in our frame on its own stack; so one that never goes on
 * keeps it for ever. getcontext, setcontext and jumps are not seen: what is current stays.
 */
#include "real.h"
#include "scope.h"

int swapcontext(void *from, const void *to)
{
	struct scope_kept kept = scope_keep();
	int result = REAL(swapcontext)(from, to);

	scope_go_on(kept);
	return result;
}
