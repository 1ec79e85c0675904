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

bool http_header_total(const char *range, uint64_t *total)
{
	const char *slash = range ? strchr(range, '/') : NULL;
	char *end;

	if (!slash || !isdigit((unsigned char)slash[1]))
		return false;
	errno = 0;
	*total = strtoull(slash + 1, &end, 10);
	return !*end && !errno;
}
