/* SPDX-License-Identifier: Apache-2.0 */
/* http_header - the headers of an answer, which anybody may have sent. */
#ifndef FLYTECTX_STORAGE_HTTP_HEADER_H
#define FLYTECTX_STORAGE_HTTP_HEADER_H

#include "storage/http/pairs.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Adds a line of an answer's head; the line of a status begins anew. False where memory is short.
 */
bool http_header_add(struct pairs *headers, const char *line, size_t size);

/* What a Content-Range says, "bytes 0-9/1234". */
struct http_range {
	uint64_t start, end; /* the last byte is at the end */
	bool has_total;      /* "*" says none */
	uint64_t total;
};

/* False where it is none, or malformed. NULL is none. */
bool http_header_range(const char *text, struct http_range *range);

/* Of "bytes *" "/1234", which comes where a range lies behind the end; false where it is none. */
bool http_header_unsatisfied(const char *text, uint64_t *total);

/* Whether two ETags are of one object: weak ones are those of proxies that compress. */
bool http_header_same_tag(const char *one, const char *other);

#endif
