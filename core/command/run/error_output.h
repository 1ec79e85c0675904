/* SPDX-License-Identifier: Apache-2.0 */
/*
 * error_output - CMD's stderr: passed on as it is, and its end remembered for the error document
 * (SPEC 6.2).
 *
 * A process of its own passes it on. It lives as long as any process has that stderr, also when
 * flytectx is gone: what CMD has left in the background is to write on. It has a session and a name
 * of its own, as the guard has, and holds nothing open but what it needs.
 */
#ifndef FLYTECTX_ERROR_OUTPUT_H
#define FLYTECTX_ERROR_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ERROR_OUTPUT_KEPT ((size_t)16 << 10) /* bytes */

struct error_output_kept;

struct error_output {
	int ends[2];    /* the pipe: CMD's stderr is [1]; -1: CMD has flytectx's own */
	int marks;      /* to the process that passes on */
	pid_t keeper;   /* 0: there is none */
	uint64_t begin; /* of what this attempt has written */
	struct error_output_kept *kept;
};

/*
 * Begins. CMD keeps flytectx's own stderr where that is a terminal, which programs ask for, or is
 * closed. Where there is no process or memory to be had flytectx ends.
 */
void error_output_open(struct error_output *output);

/* Forgets what was written before. */
void error_output_begin(struct error_output *output);

/* In the child that becomes CMD. */
void error_output_become(const struct error_output *output);

/* Was this child the one that passes on? Another takes its place, unless its work is done. */
bool error_output_reaped(struct error_output *output, pid_t pid, int status);

/* Waits until all that CMD has written is passed on, or a signal asks to end: false. */
bool error_output_drain(struct error_output *output);

/* Copies the end of what was written; its length. */
size_t error_output_tail(const struct error_output *output, char to[ERROR_OUTPUT_KEPT]);

#endif
