/* SPDX-License-Identifier: Apache-2.0 */
/* See sign_azure.h. */
#include "storage/sign/sign_azure.h"
#include "storage/sign/digest.h"

#include <stdio.h>
#include <string.h>

/* strftime() would write the names of days and months in the language of the process. */
bool sign_azure_date(struct http_request *request, time_t now)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm utc;

	if (!gmtime_r(&now, &utc))
		return false;
	pairs_format(&request->headers, "x-ms-date", "%.3s, %02d %.3s %d %02d:%02d:%02d GMT",
		     days + 3 * utc.tm_wday, utc.tm_mday, months + 3 * utc.tm_mon,
		     utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
	return !request->headers.failed;
}

/* The headers that have a line of their own, empty where they are not sent. */
static void add_standard_headers(struct buffer *out, const struct http_request *request)
{
	static const char *const names[] = {
		"Content-Encoding",
		"Content-Language",
		"Content-Length",
		"Content-MD5",
		"Content-Type",
		"Date",
		"If-Modified-Since",
		"If-Match",
		"If-None-Match",
		"If-Unmodified-Since",
		"Range",
	};

	buffer_format(out, "%s\n", request->method);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = pairs_get(&request->headers, names[i]);

		if (strcmp(names[i], "Content-Length") == 0 && request->body.size)
			buffer_format(out, "%llu\n", (unsigned long long)request->body.size);
		else
			buffer_format(out, "%s\n", value ? value : "");
	}
}

/* The pairs whose names begin so, sorted. */
static void collect(struct pairs *sorted, const struct pairs *from, const char *prefix)
{
	for (size_t i = 0; i < from->count; i++)
		if (strncmp(from->items[i].name, prefix, strlen(prefix)) == 0)
			pairs_add(sorted, from->items[i].name, from->items[i].value);
	sorted->failed = sorted->failed || from->failed;
	pairs_sort(sorted);
}

static void add_text_to_sign(struct buffer *out, const struct http_request *request,
			     const char *account)
{
	struct pairs headers = { 0 }, parameters = { 0 };

	collect(&headers, &request->headers, "x-ms-");
	collect(&parameters, &request->query, "");
	add_standard_headers(out, request);
	for (size_t i = 0; i < headers.count; i++)
		buffer_format(out, "%s:%s\n", headers.items[i].name, headers.items[i].value);
	buffer_format(out, "/%s%s", account, request->path);
	for (size_t i = 0; i < parameters.count; i++)
		buffer_format(out, "\n%s:%s", parameters.items[i].name, parameters.items[i].value);
	out->failed = out->failed || headers.failed || parameters.failed;
	pairs_free(&headers);
	pairs_free(&parameters);
}

bool sign_azure(struct http_request *request, const char *account, const char *key, time_t now)
{
	struct buffer secret = { 0 }, text = { 0 }, value = { 0 };
	unsigned char hash[DIGEST_SHA256];
	bool good = sign_azure_date(request, now) && digest_from_base64(&secret, key);

	add_text_to_sign(&text, request, account);
	good = good && !text.failed &&
	       digest_hmac(hash, secret.data, secret.length, text.data, text.length);
	if (good) {
		buffer_format(&value, "SharedKey %s:", account);
		digest_base64(&value, hash, sizeof(hash));
		pairs_set(&request->headers, "Authorization", buffer_string(&value));
	}
	good = good && !value.failed && !request->headers.failed;
	buffer_free(&secret);
	buffer_free(&text);
	buffer_free(&value);
	return good;
}
