/* SPDX-License-Identifier: Apache-2.0 */
/* See argument_room.h. */
#include <stddef.h>
#include <stdint.h>

#include "argument_room.h"
#include "context/text.h"
#include "sys.h"

#define RLIMIT_OF_STACK 3 /* RLIMIT_STACK of all machines that we know */
#define PAGE            4096

/* fs/exec.c: a quarter of the stack, at least 128 KiB, at most 6 MiB. */
static size_t room(void)
{
	uint64_t limit[2] = { 0, 0 };
	size_t least = (size_t)128 * 1024, most = (size_t)6 * 1024 * 1024;

	if (sys_call(SYS_prlimit64, 0, RLIMIT_OF_STACK, 0, (long)limit, 0, 0) < 0)
		return most;
	if (limit[0] / 4 > most)
		return most;
	return limit[0] / 4 < least ? least : (size_t)(limit[0] / 4);
}

/* The strings, and a pointer to each. */
static size_t size_of(char *const list[])
{
	size_t size = 0;

	for (; list && *list; list++)
		size += text_length(*list) + 1 + sizeof(*list);
	return size;
}

bool argument_room_is_short(const char *path, char *const argv[], char *const envp[])
{
	size_t size = size_of(argv) + size_of(envp) + (path ? text_length(path) : 0) + PAGE;

	/* Nearly always: no limit is so small. */
	return size > (size_t)128 * 1024 && size > room();
}
