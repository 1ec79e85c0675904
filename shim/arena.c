/* SPDX-License-Identifier: Apache-2.0 */
/* See arena.h. */
#include <stdatomic.h>

#include "arena.h"
#include "sys.h"
#include "context/text.h"

/* With the rest of .data and .bss this stays in one page: a second costs an mmap in each exec. */
#define STATIC_SIZE 2240

static _Alignas(16) char storage[STATIC_SIZE];
static atomic_size_t used;

EVERY_START void *arena_take(size_t size)
{
	size_t rounded = (size + 15) & ~(size_t)15, start;

	start = atomic_load_explicit(&used, memory_order_relaxed);
	do
		if (rounded > STATIC_SIZE - start)
			return sys_map(size);
	while (!atomic_compare_exchange_weak(&used, &start, start + rounded));
	return storage + start;
}
