/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory - memory that is kept until the process ends, which here is soon: by exec or by exit.
 * Having none is a failure of the command, so nobody has to ask.
 */
#ifndef FLYTECTX_MEMORY_H
#define FLYTECTX_MEMORY_H

#include <stddef.h>

/* Zeroed. */
void *memory_get(size_t size);

/* realloc(3); what is new is not zeroed. */
void *memory_more(void *memory, size_t size);

__attribute__((format(printf, 1, 2))) char *memory_text(const char *format, ...);

/* All that can be read from `fd`, and a NUL behind it; NULL with errno on an error. */
char *memory_read(int fd, size_t *length);

#endif
