/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state - what this process was started with: its carrier, our own path, its switches.
 *
 * Read once from the environment, by the constructor where that runs, else by the first hook that
 * needs it; never changed after. Whoever loses the race of two first calls makes a second copy
 * and throws it away: nobody waits, so a signal handler may be one of the two.
 */
#ifndef FLYTECTX_STATE_H
#define FLYTECTX_STATE_H

#include <stdbool.h>

#include "wire.h"

struct state {
	bool inert;            /* FLYTECTX_DISABLE=1, AT_SECURE, or no memory */
	const char *carrier;   /* "FLYTE_CTX=..." of this process; NULL outside a task */
	const char *library;   /* our path, as LD_PRELOAD is to have it; NULL if unknown */
	struct wire_size size; /* of the carrier */
};

const struct state *state(void);

/* The environment as it is now; NULL in a program without libc. Borrowed and unlocked. */
char **state_environ(void);

#endif
