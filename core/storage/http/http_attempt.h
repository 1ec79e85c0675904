/* SPDX-License-Identifier: Apache-2.0 */
/* http_attempt - one attempt of a request: what libcurl is told of it, and what it tells. */
#ifndef FLYTECTX_STORAGE_HTTP_ATTEMPT_H
#define FLYTECTX_STORAGE_HTTP_ATTEMPT_H

#include "storage/http/http.h"

/* Forgets the answer of an earlier attempt and makes request->easy; false with request->error. */
bool http_attempt_begin(struct http_request *request, const struct http_settings *settings);

/* Releases what the attempt held; the answer stays. */
void http_attempt_end(struct http_request *request);

#endif
