/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_hide - a server's text without the secrets of the question: some servers, and proxies more
 * so, repeat in a complaint what they were asked (SPEC 4.14).
 */
#ifndef FLYTECTX_STORAGE_HTTP_HIDE_H
#define FLYTECTX_STORAGE_HTTP_HIDE_H

#include "storage/http/http.h"

/* Overwrites, with '*', each piece of the text that is a piece of a token, a signature of others or
 * a key that the request sends, escaped or not. The text keeps its length. */
void http_hide(const struct http_request *request, char *text);

#endif
