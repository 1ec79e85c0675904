/* SPDX-License-Identifier: Apache-2.0 */
/* credentials_request - asking the services that hand out credentials, and reading their files. */
#ifndef FLYTECTX_STORAGE_CREDENTIALS_REQUEST_H
#define FLYTECTX_STORAGE_CREDENTIALS_REQUEST_H

#include "storage/credentials/credentials.h"
#include "storage/http/http.h"
#include "storage/http/url.h"

#include <jansson.h>

/* A request for what the URL names; the caller frees it with http_request_free(), and the URL must
 * stay until then. */
struct http_request credentials_request(const char *what, const char *method,
					const struct url *url);

/*
 * Sends it, waiting and trying again as is right for a service in the network; or, where
 * `is_metadata`, for one beside the machine that answers at once if it is there at all, and is
 * never behind a proxy.
 */
bool credentials_ask(struct http_request *request, bool is_metadata, struct error *error);

/* Adds name=value to a body of the form application/x-www-form-urlencoded. */
void credentials_form(struct buffer *form, const char *name, const char *value);

/* Sends such a body; `hooks` NULL: nobody signs it. */
bool credentials_post(const char *what, const struct url *url, const struct buffer *form,
		      const struct http_hooks *hooks, struct http_request *request,
		      struct error *error);

/* The object in the text; NULL with the error. Free it with json_decref(). */
json_t *credentials_json(const char *what, const char *text, size_t size, struct error *error);

/* The path as texts may show it: "credentials file" where it may be a secret. */
const char *credentials_file_name(const char *path);

/* A small text file without blanks at its end. */
bool credentials_file(const char *path, struct buffer *text, struct error *error);

#endif
