/* SPDX-License-Identifier: Apache-2.0 */
/* See buffer.h. */
#include "storage/http/buffer.h"
#include "local/wiped_memory.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

bool buffer_reserve(struct buffer *buffer, size_t more)
{
	size_t needed = buffer->length + more + 1, capacity = buffer->capacity / 2 * 3;
	char *data;

	if (buffer->failed || more > SIZE_MAX / 4) {
		buffer->failed = true;
		return false;
	}
	if (needed <= buffer->capacity)
		return true;
	/* What is appended bit by bit grows by half; what is asked for at once is exact. */
	if (capacity < needed)
		capacity = needed;
	data = wiped_realloc(buffer->data, capacity);
	if (!data) {
		buffer->failed = true;
		return false;
	}
	buffer->data = data;
	buffer->capacity = capacity;
	data[buffer->length] = '\0';
	return true;
}

void buffer_append(struct buffer *buffer, const void *data, size_t size)
{
	if (!buffer_reserve(buffer, size))
		return;
	if (size)
		memcpy(buffer->data + buffer->length, data, size);
	buffer->length += size;
	buffer->data[buffer->length] = '\0';
}

void buffer_text(struct buffer *buffer, const char *text)
{
	buffer_append(buffer, text, strlen(text));
}

void buffer_vformat(struct buffer *buffer, const char *format, va_list arguments)
{
	va_list again;
	int length;

	/* Not vasprintf(), which leaves what it has outgrown. */
	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	if (length < 0)
		buffer->failed = true;
	else if (buffer_reserve(buffer, (size_t)length))
		buffer->length += (size_t)vsnprintf(buffer->data + buffer->length,
						    (size_t)length + 1, format, again);
	va_end(again);
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	buffer_vformat(buffer, format, arguments);
	va_end(arguments);
}

const char *buffer_string(const struct buffer *buffer)
{
	return buffer->data ? buffer->data : "";
}

char *buffer_take(struct buffer *buffer)
{
	char *data;

	buffer_append(buffer, "", 0);
	data = buffer->failed ? NULL : buffer->data;
	if (!data)
		buffer_free(buffer);
	*buffer = (struct buffer) { 0 };
	return data;
}

void buffer_free(struct buffer *buffer)
{
	wiped_free(buffer->data);
	*buffer = (struct buffer) { 0 };
}
