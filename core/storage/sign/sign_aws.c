/* SPDX-License-Identifier: Apache-2.0 */
/* See sign_aws.h. */
#include "storage/sign/sign_aws.h"
#include "storage/sign/digest.h"
#include "storage/http/url.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define ALGORITHM "AWS4-HMAC-SHA256"

/* Blanks at the ends go, runs of them inside become one. */
static void add_value(struct buffer *out, const char *value)
{
	for (value += strspn(value, " "); *value; value++)
		if (*value != ' ' || (value[1] != ' ' && value[1]))
			buffer_append(out, value, 1);
}

/* The headers in lower case and sorted, several of one name joined by commas. */
static void collect_headers(struct pairs *sorted, const struct http_request *request)
{
	const char *host = strstr(request->origin, "://");

	pairs_add(sorted, "host", host ? host + 3 : request->origin);
	for (size_t i = 0; i < request->headers.count; i++) {
		const struct pair *header = &request->headers.items[i];
		const char *earlier = pairs_get(sorted, header->name);
		struct buffer value = { 0 };

		if (curl_strequal(header->name, "authorization"))
			continue;
		if (earlier)
			buffer_format(&value, "%s,", earlier);
		add_value(&value, header->value);
		pairs_set(sorted, header->name, buffer_string(&value));
		sorted->failed = sorted->failed || value.failed;
		buffer_free(&value);
	}
	for (size_t i = 0; i < sorted->count; i++)
		for (char *at = sorted->items[i].name; *at; at++)
			*at = (char)(*at >= 'A' && *at <= 'Z' ? *at + 'a' - 'A' : *at);
	pairs_sort(sorted);
}

static void add_body_hash(struct buffer *out, const struct http_request *request)
{
	const char *given = pairs_get(&request->headers, "x-amz-content-sha256");
	unsigned char hash[DIGEST_SHA256];

	if (given)
		buffer_text(out, given);
	else if (digest_sha256(hash, request->body.data ? request->body.data : "",
			       request->body.data ? request->body.size : 0))
		digest_hex(out, hash, sizeof(hash));
	else
		out->failed = true;
}

/* The request as both sides write it down; `names` becomes the list of the headers in it. */
static void add_canonical_request(struct buffer *out, struct buffer *names,
				  const struct http_request *request)
{
	struct pairs headers = { 0 };

	collect_headers(&headers, request);
	buffer_format(out, "%s\n%s\n", request->method, request->path);
	url_query(out, &request->query);
	buffer_text(out, "\n");
	for (size_t i = 0; i < headers.count; i++) {
		buffer_format(out, "%s:%s\n", headers.items[i].name, headers.items[i].value);
		buffer_format(names, "%s%s", i ? ";" : "", headers.items[i].name);
	}
	buffer_format(out, "\n%s\n", buffer_string(names));
	add_body_hash(out, request);
	out->failed = out->failed || headers.failed || names->failed;
	pairs_free(&headers);
}

static bool add_hash(struct buffer *out, const struct buffer *text)
{
	unsigned char hash[DIGEST_SHA256];

	if (text->failed || !digest_sha256(hash, text->data, text->length))
		return false;
	digest_hex(out, hash, sizeof(hash));
	return !out->failed;
}

/* The secret, narrowed to a day, a region and a service, over `text`. */
static bool add_signature(struct buffer *out, const char *secret, const char *day,
			  const char *region, const char *service, const struct buffer *text)
{
	const char *const steps[] = { day, region, service, "aws4_request" };
	unsigned char hash[DIGEST_SHA256], next[DIGEST_SHA256];
	struct buffer key = { 0 };
	bool good = !text->failed;

	buffer_format(&key, "AWS4%s", secret);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps) && good && !key.failed; i++) {
		good = digest_hmac(next, key.data, key.length, steps[i], strlen(steps[i]));
		key.length = 0;
		buffer_append(&key, next, sizeof(next));
	}
	good = good && !key.failed &&
	       digest_hmac(hash, key.data, key.length, text->data, text->length);
	if (good)
		digest_hex(out, hash, sizeof(hash));
	explicit_bzero(next, sizeof(next));
	buffer_free(&key);
	return good && !out->failed;
}

static bool authorize(struct http_request *request, const struct aws_key *key, const char *scope,
		      const char *region, const char *service, const char *stamp)
{
	struct buffer canonical = { 0 }, names = { 0 }, text = { 0 }, value = { 0 };
	char day[9] = { 0 };
	bool good;

	memcpy(day, stamp, 8);
	add_canonical_request(&canonical, &names, request);
	buffer_format(&text, ALGORITHM "\n%s\n%s\n", stamp, scope);
	buffer_format(&value, ALGORITHM " Credential=%s/%s, SignedHeaders=%s, Signature=", key->id,
		      scope, buffer_string(&names));
	good = add_hash(&text, &canonical) &&
	       add_signature(&value, key->secret, day, region, service, &text);
	if (good)
		pairs_set(&request->headers, "Authorization", buffer_string(&value));
	buffer_free(&canonical);
	buffer_free(&names);
	buffer_free(&text);
	buffer_free(&value);
	return good && !request->headers.failed;
}

bool sign_aws(struct http_request *request, const struct aws_key *key, const char *region,
	      const char *service, time_t now)
{
	struct buffer scope = { 0 };
	char stamp[32];
	struct tm utc;
	bool good;

	if (!gmtime_r(&now, &utc) || !strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc))
		return false;
	pairs_set(&request->headers, "x-amz-date", stamp);
	if (key->token)
		pairs_set(&request->headers, "x-amz-security-token", key->token);
	buffer_format(&scope, "%.8s/%s/%s/aws4_request", stamp, region, service);
	good = !scope.failed && authorize(request, key, scope.data, region, service, stamp);
	buffer_free(&scope);
	return good;
}
