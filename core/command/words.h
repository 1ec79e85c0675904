/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words - the words of a command line that grows.
 */
#ifndef FLYTECTX_WORDS_H
#define FLYTECTX_WORDS_H

#include <stddef.h>

struct words {
	char **at; /* NULL-terminated */
	size_t count;
};

/* The words are borrowed, the list is a copy. */
void words_begin(struct words *words, char *const argv[]);

/* Puts borrowed words before the one at `place`, which may be `count`. */
void words_insert(struct words *words, size_t place, const char *const inserted[], size_t count);

/* All from `place` on, with blanks between them. */
char *words_join(const struct words *words, size_t place);

#endif
