/* SPDX-License-Identifier: Apache-2.0 */
/* See arena.h. */
#include <stdatomic.h>

#include "arena.h"
#include "sys.h"
#include "context/text.h"

/* With the rest of .data and .bss this stays in one page: a second costs an mmap in each exec. */
#define STATIC_SIZE 2112

/* What has a member that is to be in a cache line of its own has such a size, too. */
#define LINE 64

static _Alignas(LINE) char storage[STATIC_SIZE];
static atomic_size_t used;

EVERY_START void *arena_take(size_t size)
{
	size_t alignment = size % LINE ? 16 : LINE, known, start, end;

	known = atomic_load_explicit(&used, memory_order_relaxed);
	do {
		start = (known + alignment - 1) & ~(alignment - 1);
		end = start + ((size + 15) & ~(size_t)15);
		if (end < start || end > STATIC_SIZE)
			return sys_map(size);
	} while (!atomic_compare_exchange_weak(&used, &known, end));
	return storage + start;
}
