/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stack_image - a copy of what the kernel has put on the stack of a new program: arguments,
 * environment, auxiliary vector.
 */
#ifndef FLYTECTX_STACK_IMAGE_H
#define FLYTECTX_STACK_IMAGE_H

#include "command/carry/tracee.h"

struct stack_image {
	tracee_registers registers;
	uint64_t stack;
	uint64_t *words; /* from the stack pointer on: argc, argv, NULL, envp, NULL, auxv */
	size_t argc, envc, auxv_words;
	const uint64_t *auxv;
	char *text; /* the strings of the environment */
	size_t text_size;
	uint64_t text_at; /* where they are there */
	char **envp;      /* into `text`, NULL-terminated */
	/* Of the auxiliary vector. */
	uint64_t vdso, headers, header_count, interpreter;
	bool is_secure;
};

/* False: it can't be read. Free it in any case. */
bool stack_image_read(pid_t pid, struct stack_image *image);
void stack_image_free(struct stack_image *image);

/* Is this string one of the copy? And where it is in the process. */
bool stack_image_has(const struct stack_image *image, const char *string);
uint64_t stack_image_address(const struct stack_image *image, const char *string);

/* Has the program the note of Go? Such a one starts others without libc, also where it has libc. */
bool stack_image_is_go(pid_t pid, const struct stack_image *image);

#endif
