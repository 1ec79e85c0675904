/* SPDX-License-Identifier: Apache-2.0 */
/* http_failure - from what went wrong with a request to an error that says why. */
#ifndef FLYTECTX_STORAGE_HTTP_FAILURE_H
#define FLYTECTX_STORAGE_HTTP_FAILURE_H

#include "storage/http/http.h"

/* Fills in request->error of an attempt that ended without an answer (code), or with one whose
 * status is no success. */
void http_failure(struct http_request *request, CURLcode code);

/* The store's own word for what is wrong ("SlowDown"), NULL where it said none; the caller frees.
 */
char *http_failure_code(const struct http_request *request);

/* What it says of it, for people; likewise. */
char *http_failure_message(const struct http_request *request);

#endif
