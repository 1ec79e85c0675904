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

/* Of a Content-Range, "bytes 0-9/1234", what is behind the slash; false where that is no number. */
bool http_header_total(const char *range, uint64_t *total);

#endif
