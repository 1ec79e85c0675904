/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_carry - `flytectx run --carry`, with and without supervision (SPEC 5.15).
 */
#ifndef FLYTECTX_RUN_CARRY_H
#define FLYTECTX_RUN_CARRY_H

#include "command/carry/carry.h"

/*
 * Does flytectx have to stay, for --carry? As PID 1, and as the one that adopts orphans, it would
 * leave CMD a child that CMD knows nothing of.
 */
bool run_carry_is_watched(void);

/* Starts a carrier; a line says where that fails, and CMD runs without. */
struct carry run_carry_start(enum carry_mode mode, const char *library, bool is_own);

/* This process is carried when it becomes CMD. */
void run_carry_exec(enum carry_mode mode, const char *command, const char *library,
		    char *const envp[]);

#endif
