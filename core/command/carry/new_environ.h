/* SPDX-License-Identifier: Apache-2.0 */
/*
 * new_environ - the new environment becomes the one that the program begins with, and that
 * /proc/PID/environ shows.
 */
#ifndef FLYTECTX_NEW_ENVIRON_H
#define FLYTECTX_NEW_ENVIRON_H

#include "command/carry/stack_image.h"

struct new_environ {
	char *bytes; /* the array, then the strings */
	size_t size;
	uint64_t stack; /* where they are written, and the new stack pointer */
	uint64_t environ_start, environ_end;
};

/* `shows`: all of its strings are between start and end. False: see tracee_call(). */
bool new_environ_install(pid_t pid, const struct stack_image *image, const struct new_environ *new,
			 bool shows, int *status);

#endif
