/* SPDX-License-Identifier: Apache-2.0 */
/*
 * builtins - what a compiler calls by itself, in freestanding code too, for copying and clearing
 * structs. Hidden: no program ever binds to these.
 */
#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memset(void *memory, int value, size_t size);

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	char *t = to;
	const char *f = from;

	while (size--)
		*t++ = *f++;
	return to;
}

void *memset(void *memory, int value, size_t size)
{
	char *m = memory;

	while (size--)
		*m++ = (char)value;
	return memory;
}
