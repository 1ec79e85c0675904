/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state - what this process was started with: its carrier, its LD_PRELOAD, its switches.
 *
 * Read once from the environment, by the constructor where that runs, else by the first hook that
 * needs it; never changed after. Whoever loses the race of two first calls makes a second copy
 * and throws it away: nobody waits, so a signal handler may be one of the two.
 */
#ifndef FLYTECTX_STATE_H
#define FLYTECTX_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "context/wire.h"

/* How often exec has already put an environment right in this process; see repairs.h. */
struct repaired {
	unsigned pid;  /* of the process; 0: never */
	unsigned same; /* the last ones, for the same program */
	unsigned all;
	unsigned target; /* that program */
};

struct state {
	bool inert;          /* FLYTECTX_DISABLE=1, AT_SECURE, or no memory */
	const char *carrier; /* "FLYTE_CTX=...", unread but for its header; NULL: there is none */
	const char *preload; /* LD_PRELOAD as it was; NULL if unset */
	struct repaired repaired;
	const char *const
		*kept; /* the variables that go with a context (env.h); NULL: none is set */
};

const struct state *state(void);

/*
 * False in a program without libc, and where others' code runs before libc knows the environment
 * (.preinit_array in glibc): what is found then is not the last word.
 */
bool state_is_known(void);

/*
 * The carrier once more, read: where that of the environment is not what it should be it counts as
 * absent, and the pod's variables may say more. Most processes start none but programs that have
 * the same environment, and never need this.
 */
struct state_carrier {
	const char *text; /* "FLYTE_CTX=..."; NULL: outside a task */
	struct wire_size size;
};

const struct state_carrier *state_carrier(void);

/* The environment as it is now; NULL in a program without libc. Borrowed and unlocked. */
char **state_environ(void);

#endif
