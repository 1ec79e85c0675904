/* SPDX-License-Identifier: Apache-2.0 */
/* See http_header.h. */
#include "storage/http/http_header.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define HEADERS_MAX 256

bool http_header_add(struct pairs *headers, const char *data, size_t size)
{
	size_t end = size;
	char *line = strndup(data, size), *value = line ? strchr(line, ':') : NULL;

	if (!line)
		return false;
	/* The line of a status begins an answer, maybe after one that was only provisional. */
	if (strncmp(line, "HTTP/", 5) == 0)
		pairs_free(headers);
	if (value && headers->count < HEADERS_MAX) {
		end = strlen(line);
		*value++ = '\0';
		while (end && strchr(" \t\r\n", line[end - 1]))
			line[--end] = '\0';
		if (value <= line + end)
			pairs_add(headers, line, value + strspn(value, " \t"));
		else
			pairs_add(headers, line, "");
	}
	free(line);
	return !headers->failed;
}

/* A number, and `text` behind it. */
static bool read_number(const char **text, uint64_t *number)
{
	char *end;

	if (!isdigit((unsigned char)**text))
		return false;
	errno = 0;
	*number = strtoull(*text, &end, 10);
	*text = end;
	return !errno;
}

static bool skip(const char **text, const char *what)
{
	size_t length = strlen(what);

	if (strncmp(*text, what, length) != 0)
		return false;
	*text += length;
	return true;
}

bool http_header_range(const char *text, struct http_range *range)
{
	*range = (struct http_range) { 0 };
	if (!text || !skip(&text, "bytes ") || !read_number(&text, &range->start) ||
	    !skip(&text, "-") || !read_number(&text, &range->end) || !skip(&text, "/") ||
	    range->end < range->start)
		return false;
	if (!strcmp(text, "*"))
		return true;
	range->has_total = read_number(&text, &range->total) && !*text;
	return range->has_total && range->total > range->end;
}

bool http_header_unsatisfied(const char *text, uint64_t *total)
{
	return text && skip(&text, "bytes */") && read_number(&text, total) && !*text;
}

static const char *opaque(const char *tag, size_t *length)
{
	skip(&tag, "W/");
	skip(&tag, "\"");
	*length = strlen(tag);
	if (*length && tag[*length - 1] == '"')
		--*length;
	return tag;
}

bool http_header_same_tag(const char *one, const char *other)
{
	size_t length, other_length;

	one = opaque(one, &length);
	other = opaque(other, &other_length);
	return length == other_length && !memcmp(one, other, length);
}
