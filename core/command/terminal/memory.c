/* SPDX-License-Identifier: Apache-2.0 */
/* See memory.h. */
#include "command/terminal/memory.h"
#include "command/terminal/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *memory_get(size_t size)
{
	void *memory = calloc(1, size ? size : 1);

	if (!memory)
		message_fail("memory", "%s", strerror(ENOMEM));
	return memory;
}

void *memory_more(void *memory, size_t size)
{
	memory = realloc(memory, size);
	if (!memory)
		message_fail("memory", "%s", strerror(ENOMEM));
	return memory;
}

char *memory_text(const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0)
		message_fail("memory", "%s", strerror(ENOMEM));
	return text;
}

char *memory_read(int fd, size_t *length)
{
	size_t size = 16384;
	char *data = memory_get(size);

	*length = 0;
	for (;;) {
		ssize_t count = read(fd, data + *length, size - *length - 1);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return NULL;
		*length += (size_t)count;
		data[*length] = '\0';
		if (!count)
			return data;
		if (*length + 1 < size)
			continue;
		data = reallocarray(data, size, 2);
		if (!data)
			message_fail("memory", "%s", strerror(ENOMEM));
		size *= 2;
	}
}
