/* SPDX-License-Identifier: Apache-2.0 */
/*
 * buffer - bytes that grow. Zeroed is empty. `data` is NULL as long as nothing was appended, and
 * has a NUL behind the last byte from then on. Where memory is short nothing is appended any more
 * and `failed` stays set: who makes a long text looks once, at its end.
 */
#ifndef FLYTECTX_STORAGE_BUFFER_H
#define FLYTECTX_STORAGE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buffer {
	char *data;
	size_t length, capacity;
	bool failed;
};

/* Makes room for so many bytes more. */
bool buffer_reserve(struct buffer *buffer, size_t more);

void buffer_append(struct buffer *buffer, const void *data, size_t size);
void buffer_text(struct buffer *buffer, const char *text);
__attribute__((format(printf, 2, 0))) void buffer_vformat(struct buffer *buffer, const char *format,
							  va_list arguments);
__attribute__((format(printf, 2, 3))) void buffer_format(struct buffer *buffer, const char *format,
							 ...);

/* The text in it, "" where there is none; borrowed. */
const char *buffer_string(const struct buffer *buffer);

/* Hands over the memory: a text, or NULL where memory was short. The caller frees it, with
 * wiped_free() where it may hold a secret. */
char *buffer_take(struct buffer *buffer);

/* Overwrites and frees the memory, which may have held a secret; so does growing. */
void buffer_free(struct buffer *buffer);

#endif
