/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as what a store, a token service or a metadata service answers, or as what a file of
 * credentials holds. The first byte says which reader gets the rest.
 */
#include "storage/credentials/aws_profile.h"
#include "storage/remote/bucket_stale.h"
#include "storage/credentials/credentials_aws.h"
#include "storage/credentials/credentials_token.h"
#include "storage/http/http_failure.h"
#include "storage/http/http_header.h"
#include "storage/http/http_retry.h"
#include "require.h"
#include "storage/http/xml.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LIMIT 1795219200

/* A request whose answer has that body; the caller frees its answer. */
static struct http_request answered(const char *text, size_t size, long status)
{
	struct http_request request = { .what = "s3://bucket/key",
					.method = "GET",
					.origin = "https://host",
					.status = status };

	buffer_append(&request.answer, text, size);
	return request;
}

static void see(void *argument, const char *path, const char *text)
{
	(void)argument;
	require(path != NULL);
	require(!*text ||
		(text[strspn(text, " \t\r\n")] && !strchr(" \t\r\n", text[strlen(text) - 1])));
}

static void read_xml(const char *text, size_t size)
{
	bool good = xml_read(text, size, see, NULL);
	char *element = xml_text(text, size, "Code");

	require(good || !element);
	free(element);
}

static void read_uploads(const char *text, size_t size)
{
	struct pairs ids = { 0 };

	if (bucket_stale_uploads(text, size, "key", LIMIT, &ids))
		for (size_t i = 0; i < ids.count; i++)
			require(*ids.items[i].value);
	pairs_free(&ids);
}

static void read_parts(const char *text, size_t size)
{
	time_t newest;
	unsigned next;

	if (bucket_stale_newest(text, size, &newest, &next) && next)
		require(strstr(text, "NextPartNumberMarker"));
}

static void read_failure(const char *text, size_t size)
{
	static const long statuses[] = { 200, 301, 403, 404, 503 };
	struct http_request request = answered(text, size, statuses[size % 5]);

	http_failure(&request, CURLE_OK);
	require(memchr(request.error.text, '\0', sizeof(request.error.text)));
	require(strncmp(request.error.text, request.what, strlen(request.what)) == 0);
	require(!strchr(request.error.text, '\n'));
	buffer_free(&request.answer);
}

static void read_headers(const char *text, size_t size)
{
	const char *end = text + size;
	struct storage_metadata metadata;
	struct pairs headers = { 0 };
	struct http_range range;
	uint64_t total;

	while (text < end) {
		const char *line = memchr(text, '\n', (size_t)(end - text));
		size_t length = line ? (size_t)(line - text) + 1 : (size_t)(end - text);

		require(http_header_add(&headers, text, length));
		text += length;
	}
	if (http_header_range(pairs_get(&headers, "content-range"), &range))
		require(range.start <= range.end && (!range.has_total || range.end < range.total));
	http_header_unsatisfied(pairs_get(&headers, "content-range"), &total);
	http_retry_after(pairs_get(&headers, "retry-after"), LIMIT);
	if (pairs_get(&headers, "x-amz-meta-flytectx"))
		storage_metadata_read(pairs_get(&headers, "x-amz-meta-flytectx"), &metadata);
	for (size_t i = 0; i < headers.count; i++)
		require(!strchr(headers.items[i].name, ':'));
	pairs_free(&headers);
}

static void read_aws_key(const char *text, size_t size)
{
	struct credentials credentials = { 0 };
	struct error error;

	if (credentials_aws_from_json(&credentials, "key", text, size, &error) == CREDENTIALS_FOUND)
		require(credentials.id && credentials.secret);
	else
		require(!credentials.id && *error.text);
	credentials_free(&credentials);
}

static void read_token(const char *text, size_t size)
{
	struct http_request request = answered(text, size, 200);
	struct credentials token = { 0 };
	struct error error;

	if (credentials_token_from_answer(&token, &request, &error) == CREDENTIALS_FOUND)
		require(token.token && token.expires >= 0);
	else
		require(!token.token && *error.text);
	credentials_free(&token);
	buffer_free(&request.answer);
}

static void read_profile(const char *text, size_t size)
{
	int fd = memfd_create("profile", MFD_CLOEXEC);
	struct pairs settings = { 0 };
	char path[64];

	require(fd >= 0 && write(fd, text, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	setenv("AWS_SHARED_CREDENTIALS_FILE", path, 1);
	setenv("AWS_CONFIG_FILE", "/nowhere", 1);
	if (!aws_profile_read("default", &settings))
		require(!settings.count);
	pairs_free(&settings);
	close(fd);
}

static void read_url(const char *text, size_t size)
{
	struct url url;

	(void)size;
	if (!url_parse(&url, text))
		return;
	require(strstr(url.origin, "://") && *url.host);
	url_is_loopback(&url);
	url_free(&url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(const char *text, size_t size) = {
		read_xml,     read_uploads, read_parts,   read_failure, read_headers,
		read_aws_key, read_token,   read_profile, read_url,
	};
	char *text;

	if (!size)
		return 0;
	text = malloc(size);
	require(text != NULL);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	readers[*data % (sizeof(readers) / sizeof(*readers))](text, size - 1);
	free(text);
	return 0;
}
