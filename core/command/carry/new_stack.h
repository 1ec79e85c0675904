/* SPDX-License-Identifier: Apache-2.0 */
/*
 * new_stack - the stack that the kernel has made for a program, at the stop after its exec: its
 * environment is put right there before the program runs its first instruction (SPEC 5.15).
 *
 * The memory is fresh and of this one process, so no other process sees it change. The array of
 * pointers, and the strings of the environment, are written anew below the old ones, and the
 * stack pointer is set below them. /proc/PID/environ is made to show the new ones.
 */
#ifndef FLYTECTX_NEW_STACK_H
#define FLYTECTX_NEW_STACK_H

#include "command/carry/carried.h"

enum stack_result {
	STACK_STATIC,    /* the preload can't enter the program, or starts things without libc */
	STACK_ENTERED,   /* the preload is in it, and hands on what it starts */
	STACK_FORGETS,   /* its environment says that it hands on nothing */
	STACK_UNTOUCHED, /* it can't be read, or there is no room */
	STACK_ENDED,     /* the process has ended meanwhile */
};

/*
 * `before` is what the process has handed on until now; `*after` what it does from here on, for
 * carried_release() (NULL where it is the same). `status` as of waitpid(2) for STACK_ENDED.
 */
enum stack_result new_stack_put_right(pid_t pid, const char *library, const struct carried *before,
				      struct carried **after, int *status);

#endif
