/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_line - the words of a command line that grows.
 */
#ifndef FLYTECTX_COMMAND_LINE_H
#define FLYTECTX_COMMAND_LINE_H

#include <stddef.h>

struct command_line {
	char **at; /* NULL-terminated */
	size_t count;
};

/* The words are borrowed, the list is a copy. */
void command_line_begin(struct command_line *words, char *const argv[]);

/* Puts borrowed words before the one at `place`, which may be `count`. */
void command_line_insert(struct command_line *words, size_t place, const char *const inserted[],
			 size_t count);

/* All from `place` on, with blanks between them. */
char *command_line_join(const struct command_line *words, size_t place);

#endif
