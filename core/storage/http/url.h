/* SPDX-License-Identifier: Apache-2.0 */
/*
 * url - percent-encoding and query strings, in the one form that signatures are made over: what
 * RFC 3986 calls unreserved stays, all else is %XX in capitals, parameters are sorted and always
 * have a '='. The same text goes to the server and under the signature, so they can't differ.
 */
#ifndef FLYTECTX_STORAGE_URL_H
#define FLYTECTX_STORAGE_URL_H

#include "storage/http/buffer.h"
#include "storage/http/pairs.h"

#include <stdbool.h>

/* `keep` names bytes that stay too: "/" for a path, "" for anything else. */
void url_escape(struct buffer *out, const char *text, const char *keep);

/* name=value&name=value, of names and values as they are meant. */
void url_query(struct buffer *out, const struct pairs *query);

/* name=value&name=value split into pairs, unescaped; `failed` of them where that can't be. */
void url_split_query(struct pairs *query, const char *text);

/* An address of a service, in its parts: all of it owned by the caller, see url_free(). */
struct url {
	char *origin; /* scheme://host[:port], as a request begins */
	char *host;   /* without the port; an IPv6 address in brackets */
	char *path;   /* encoded */
	struct pairs query;
	bool secure; /* https: nobody between reads along */
};

/* false where it is no URL of http or https. */
bool url_parse(struct url *url, const char *text);

/* One that paths are added to: its own has no '/' at its end, "" or "/base". */
bool url_parse_base(struct url *url, const char *text);
void url_free(struct url *url);

/* Whether its host is this machine: "localhost", ::1, or an address (no name) of 127.0.0.0/8. */
bool url_is_loopback(const struct url *url);

#endif
