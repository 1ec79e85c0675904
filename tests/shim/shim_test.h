/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim_test - what the tests of the shim share. They run inside a task whose action is `a0` and
 * whose custom context is increment=1: tests/shim/run sees to that. With the sanitizers the shim
 * is linked into the test instead of preloaded, so a child is judged by its environment.
 */
#ifndef FLYTECTX_SHIM_TEST_H
#define FLYTECTX_SHIM_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flyte_ctx.h"

extern char **environ;

static inline flyte_token enter(const char *key, const char *value)
{
	struct flyte_pair pair = { key, value };

	return flyte_custom_context_enter(&pair, 1);
}

/* Of malloc, small and large; glibc before 2.33 counts them in an int each. */
static inline size_t bytes_in_use(void)
{
#if __GLIBC_PREREQ(2, 33)
	struct mallinfo2 info = mallinfo2();
#else
	struct mallinfo info = mallinfo();
#endif

	return (size_t)info.uordblks + (size_t)info.hblkhd;
}

/* The custom context's `key`, "-" if unset. */
static inline const char *custom(const char *key)
{
	const char *value = flyte_custom_context_get(key);

	return value ? value : "-";
}

/* Reads all of `fd` into `text`, and closes it. */
static inline void read_all(int fd, char *text, size_t size)
{
	size_t length = 0;
	ssize_t got;

	while (length < size - 1 && (got = read(fd, text + length, size - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	close(fd);
}

/* The exit status of a child, or 256 plus the signal that ended it. */
static inline int wait_for(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

#endif
