/* SPDX-License-Identifier: Apache-2.0 */
/*
 * builtins - what a compiler calls by itself, in freestanding code too, for copying and clearing
 * structs. Hidden: no program ever binds to these.
 */
#include <stddef.h>

#include "context/text.h"

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memset(void *memory, int value, size_t size);

/* At any address. */
typedef long long words __attribute__((vector_size(16), aligned(1), may_alias));
typedef long long word __attribute__((aligned(1), may_alias));

/* Fewer than 16 bytes: the second word may copy some again. */
static void copy_few(char *t, const char *f, size_t size)
{
	if (size >= sizeof(word)) {
		word last = *(const word *)(f + size - sizeof(word));

		*(word *)t = *(const word *)f;
		*(word *)(t + size - sizeof(word)) = last;
		return;
	}
	while (size--)
		*t++ = *f++;
}

static void copy_some(char *t, const char *f, size_t size)
{
	const char *last = f + size - sizeof(words);

	for (; f < last; f += sizeof(words), t += sizeof(words))
		*(words *)t = *(const words *)f;
	t -= f - last;
	*(words *)t = *(const words *)last;
}

#if defined(__x86_64__) || defined(__i386__)
static void copy_many(char *t, const char *f, size_t size)
{
	if (size < 1024)
		copy_some(t, f, size);
	else /* takes some 30 ns to begin, and then no loop of ours is faster */
		__asm__ volatile("rep movsb" : "+D"(t), "+S"(f), "+c"(size) : : "memory");
}
#else
#define copy_many copy_some
#endif

EVERY_START void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	if (size < sizeof(words))
		copy_few(to, from, size);
	else
		copy_many(to, from, size);
	return to;
}

void *memset(void *memory, int value, size_t size)
{
	char *m = memory;

	while (size--)
		*m++ = (char)value;
	return memory;
}
