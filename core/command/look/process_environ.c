/* SPDX-License-Identifier: Apache-2.0 */
/* See process_environ.h. */
#include "command/look/process_environ.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"

#include <bsd/stdlib.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *reason(int error)
{
	/* ESRCH: it ended between open() and read(). */
	return error == ENOENT || error == ESRCH ? "no such process" : strerror(error);
}

static char *read_block(const char *pid, size_t *length)
{
	const char *path = memory_text("/proc/%s/environ", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *block = fd < 0 ? NULL : memory_read(fd, length);

	if (!block)
		message_fail(pid, "%s", reason(errno));
	close(fd);
	return block;
}

/* A process can say that its environment is all of its memory. */
static char *read_bounded(int fd, size_t *length)
{
	char *block = memory_get(PROCESS_ENVIRON_MAX + 1);

	*length = 0;
	while (*length < PROCESS_ENVIRON_MAX) {
		ssize_t count = read(fd, block + *length, PROCESS_ENVIRON_MAX - *length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0 && !*length)
			break;
		if (count <= 0)
			return memory_more(block, *length + 1);
		*length += (size_t)count;
	}
	if (*length)
		return block;
	free(block);
	return NULL;
}

static char **split(char *block, size_t length)
{
	char **envp, **to;
	size_t count = 1;

	for (size_t i = 0; i < length; i++)
		count += !block[i];
	to = envp = memory_get((count + 1) * sizeof(*envp));
	for (char *at = block; at < block + length; at += strlen(at) + 1)
		*to++ = at;
	return envp;
}

char **process_environ(const char *pid)
{
	const char *error;
	long long number = strtonum(pid, 1, INT_MAX, &error);
	size_t length;
	char *block;

	if (error)
		message_usage(pid, "not the number of a process: %s", error);
	block = read_block(memory_text("%lld", number), &length);
	return split(block, length);
}

char **process_environ_try(int pid)
{
	char path[64], *block;
	size_t length = 0;
	int fd, number;

	snprintf(path, sizeof(path), "/proc/%d/environ", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	block = read_bounded(fd, &length);
	number = errno;
	close(fd);
	errno = number;
	return block ? split(block, length) : NULL;
}
