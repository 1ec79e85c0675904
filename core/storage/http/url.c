/* SPDX-License-Identifier: Apache-2.0 */
/* See url.h. */
#include "storage/http/url.h"
#include "local/wiped_memory.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char unreserved[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

void url_escape(struct buffer *out, const char *text, const char *keep)
{
	for (; *text; text++) {
		if (strchr(unreserved, *text) || strchr(keep, *text))
			buffer_append(out, text, 1);
		else
			buffer_format(out, "%%%02X", (unsigned char)*text);
	}
}

static void add_escaped(struct pairs *escaped, const struct pair *pair)
{
	struct buffer name = { 0 }, value = { 0 };

	url_escape(&name, pair->name, "");
	url_escape(&value, pair->value, "");
	if (name.failed || value.failed)
		escaped->failed = true;
	else
		pairs_add(escaped, buffer_string(&name), buffer_string(&value));
	buffer_free(&name);
	buffer_free(&value);
}

/* It is the escaped texts that are sorted: a '%' comes before each letter. */
void url_query(struct buffer *out, const struct pairs *query)
{
	struct pairs escaped = { .failed = query->failed };

	for (size_t i = 0; i < query->count; i++)
		add_escaped(&escaped, &query->items[i]);
	pairs_sort(&escaped);
	for (size_t i = 0; i < escaped.count; i++)
		buffer_format(out, "%s%s=%s", i ? "&" : "", escaped.items[i].name,
			      escaped.items[i].value);
	out->failed = out->failed || escaped.failed;
	pairs_free(&escaped);
}

static void add_unescaped(struct pairs *query, const char *name, const char *value)
{
	char *name_text = curl_easy_unescape(NULL, name, 0, NULL);
	char *value_text = curl_easy_unescape(NULL, value, 0, NULL);

	if (name_text && value_text)
		pairs_add(query, name_text, value_text);
	else
		query->failed = true;
	curl_free(name_text);
	curl_free(value_text);
}

void url_split_query(struct pairs *query, const char *text)
{
	char *copy = strdup(text), *rest = NULL;

	query->failed = query->failed || !copy;
	for (char *item = copy ? strtok_r(copy, "&", &rest) : NULL; item;
	     item = strtok_r(NULL, "&", &rest)) {
		char *value = strchr(item, '=');

		if (value)
			*value++ = '\0';
		add_unescaped(query, item, value ? value : "");
	}
	wiped_free(copy);
}

/* A copy of a part, NULL where the URL has none. */
static char *part(CURLU *parsed, CURLUPart what, unsigned flags)
{
	char *text = NULL, *copy = NULL;

	if (curl_url_get(parsed, what, &text, flags) == CURLUE_OK)
		copy = strdup(text);
	curl_free(text);
	return copy;
}

static char *origin_of(const char *scheme, const char *host, const char *port)
{
	struct buffer origin = { 0 };

	buffer_format(&origin, "%s://%s%s%s", scheme, host, port ? ":" : "", port ? port : "");
	return buffer_take(&origin);
}

static void take_parts(struct url *url, CURLU *parsed)
{
	char *scheme = part(parsed, CURLUPART_SCHEME, 0);
	char *port = part(parsed, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
	char *query = part(parsed, CURLUPART_QUERY, 0);

	url->host = part(parsed, CURLUPART_HOST, 0);
	url->path = part(parsed, CURLUPART_PATH, 0);
	url->secure = scheme && strcmp(scheme, "https") == 0;
	if (scheme && url->host && (url->secure || strcmp(scheme, "http") == 0))
		url->origin = origin_of(scheme, url->host, port);
	if (query)
		url_split_query(&url->query, query);
	free(scheme);
	free(port);
	wiped_free(query);
}

bool url_parse(struct url *url, const char *text)
{
	CURLU *parsed = curl_url();

	*url = (struct url) { 0 };
	if (parsed && curl_url_set(parsed, CURLUPART_URL, text, 0) == CURLUE_OK)
		take_parts(url, parsed);
	curl_url_cleanup(parsed);
	if (!url->origin || !url->path || url->query.failed) {
		url_free(url);
		return false;
	}
	return true;
}

bool url_parse_base(struct url *url, const char *text)
{
	if (!url_parse(url, text))
		return false;
	for (size_t end = strlen(url->path); end && url->path[end - 1] == '/'; end--)
		url->path[end - 1] = '\0';
	return true;
}

void url_free(struct url *url)
{
	free(url->origin);
	free(url->host);
	free(url->path);
	pairs_free(&url->query);
	*url = (struct url) { 0 };
}

static bool is_loopback6(const char *host)
{
	char text[INET6_ADDRSTRLEN] = "";
	size_t length = strlen(host);
	struct in6_addr address;

	if (*host != '[' || host[length - 1] != ']' || length - 2 >= sizeof(text))
		return false;
	memcpy(text, host + 1, length - 2);
	return inet_pton(AF_INET6, text, &address) == 1 && IN6_IS_ADDR_LOOPBACK(&address);
}

/* Names that begin with the digits of an address are anybody's. */
bool url_is_loopback(const struct url *url)
{
	struct in_addr address;

	if (inet_pton(AF_INET, url->host, &address) == 1)
		return ntohl(address.s_addr) >> 24 == IN_LOOPBACKNET;
	return strcasecmp(url->host, "localhost") == 0 || is_loopback6(url->host);
}
