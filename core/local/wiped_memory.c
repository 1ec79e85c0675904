/* SPDX-License-Identifier: Apache-2.0 */
/* See wiped_memory.h. */
#include "local/wiped_memory.h"

#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool is_sized;

/* A preloaded malloc() whose blocks libc's malloc_usable_size() would read wrongly. In a static
 * program neither is found, and both are libc's. */
static void compare_owners(void)
{
	void *get = dlsym(RTLD_DEFAULT, "malloc"),
	     *size = dlsym(RTLD_DEFAULT, "malloc_usable_size");
	Dl_info owner, other;

	is_sized = (!get && !size) || (get && size && dladdr(get, &owner) && dladdr(size, &other) &&
				       owner.dli_fbase == other.dli_fbase);
}

static size_t size_of(void *memory)
{
	pthread_once(&once, compare_owners);
	return memory && is_sized ? malloc_usable_size(memory) : 0;
}

void wiped_free(void *memory)
{
	size_t size = size_of(memory);

	if (size)
		explicit_bzero(memory, size);
	free(memory);
}

void *wiped_realloc(void *memory, size_t size)
{
	size_t old = size_of(memory);
	void *moved;

	if (memory && !old)
		return realloc(memory, size ? size : 1);
	moved = malloc(size ? size : 1);
	if (!moved || !memory)
		return moved;
	memcpy(moved, memory, old < size ? old : size);
	wiped_free(memory);
	return moved;
}
