/* SPDX-License-Identifier: Apache-2.0 */
/* See http_hide.h. */
#include "storage/http/http_hide.h"
#include "local/wiped_memory.h"
#include "storage/http/url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Characters in a row: fewer are a coincidence, or no use to a reader. */
#define PIECE 6

/* Headers and parameters by the beginning of their name; what they hold is no secret. */
static const char *const harmless_headers[] = { "Content-",     "If-",
						"Range",        "Metadata",
						"x-amz-date",   "x-amz-content-",
						"x-amz-meta-",  "x-amz-checksum-",
						"x-goog-meta-", "x-ms-version",
						"x-ms-date",    "x-ms-meta-",
						"x-ms-blob-",   NULL };
static const char *const harmless_parameters[] = { "api-version", "resource", "comp",
						   "blockid",     "uploadId", "prefix",
						   "client_id",   NULL };
static const char *const secret_fields[] = { "WebIdentityToken", "ExternalId",
					     "client_secret",    "refresh_token",
					     "client_assertion", "assertion",
					     "subject_token",    NULL };

static bool begins_with_one(const char *name, const char *const names[])
{
	for (; *names; names++)
		if (strncasecmp(name, *names, strlen(*names)) == 0)
			return true;
	return false;
}

static size_t common(const char *one, const char *other)
{
	size_t length = 0;

	while (one[length] && one[length] == other[length])
		length++;
	return length;
}

/* How many characters at `text` are a piece of the secret. */
static size_t longest(const char *text, const char *secret)
{
	size_t most = 0;

	for (; *secret; secret++) {
		size_t length = *secret == *text ? common(text, secret) : 0;

		most = length > most ? length : most;
	}
	return most;
}

static void hide(char *text, const char *secret)
{
	while (*text) {
		size_t length = longest(text, secret);

		if (length >= PIECE)
			memset(text, '*', length);
		text += length >= PIECE ? length : 1;
	}
}

static void hide_both(char *text, const char *secret)
{
	struct buffer escaped = { 0 };

	hide(text, secret);
	url_escape(&escaped, secret, "");
	hide(text, buffer_string(&escaped));
	buffer_free(&escaped);
}

/* "Bearer TOKEN"; a signature is good for one request, and says who signs. */
static void hide_header(char *text, const struct pair *header)
{
	const char *value = header->value, *blank = strchr(value, ' ');

	if (strcasecmp(header->name, "Authorization") != 0)
		hide_both(text, value);
	else if (strncmp(value, "AWS4-", 5) != 0 && strncmp(value, "SharedKey ", 10) != 0)
		hide_both(text, blank ? blank + 1 : value);
}

static void hide_form(char *text, const struct http_request *request)
{
	char *form = strndup(request->body.data, request->body.size);
	struct pairs fields = { 0 };

	if (form)
		url_split_query(&fields, form);
	for (size_t i = 0; i < fields.count; i++)
		if (begins_with_one(fields.items[i].name, secret_fields))
			hide_both(text, fields.items[i].value);
	pairs_free(&fields);
	wiped_free(form);
}

void http_hide(const struct http_request *request, char *text)
{
	const char *type = pairs_get(&request->headers, "Content-Type");

	for (size_t i = 0; i < request->headers.count; i++)
		if (!begins_with_one(request->headers.items[i].name, harmless_headers))
			hide_header(text, &request->headers.items[i]);
	for (size_t i = 0; i < request->query.count; i++)
		if (!begins_with_one(request->query.items[i].name, harmless_parameters))
			hide_both(text, request->query.items[i].value);
	if (type && request->body.data && strcmp(type, "application/x-www-form-urlencoded") == 0)
		hide_form(text, request);
}
