/* SPDX-License-Identifier: Apache-2.0 */
/* See remote.h: making an object, asking for it, removing it. */
#include "storage/remote/remote.h"
#include "storage/sign/digest.h"
#include "storage/http/http_header.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void close_remote(struct storage *object)
{
	struct remote *remote = (struct remote *)object;

	http_free(remote->http);
	remote->store->close(remote);
	free(remote->bucket);
	free(remote->key);
	free(remote->origin);
	free(remote->path);
	free(remote);
}

static const struct storage_operations operations = {
	.stat = remote_stat,
	.read = remote_read,
	.write = remote_write,
	.remove = remote_remove,
	.close = close_remote,
};

struct storage *remote_new(const struct remote_store *store, const char *url, struct error *error)
{
	const char *bucket = strstr(url, "://") + strlen("://");
	size_t length = strcspn(bucket, "/");
	struct remote *remote;

	if (!length || !bucket[length] || !bucket[length + 1]) {
		error_set(error, ERROR_INVALID, EINVAL, url, "it names no object");
		return NULL;
	}
	remote = calloc(1, store->size);
	if (remote) {
		remote->base.operations = &operations;
		remote->store = store;
		remote->bucket = strndup(bucket, length);
		remote->key = strdup(bucket + length + 1);
		if (remote->bucket && remote->key)
			return &remote->base;
		close_remote(&remote->base);
	}
	error_set(error, ERROR_SYSTEM, ENOMEM, url, "can't open it");
	return NULL;
}

bool remote_ready(struct remote *remote, struct error *error)
{
	struct http_settings settings;

	if (remote->http)
		return true;
	if (!http_settings_read(&settings, error) || !remote->store->configure(remote, error))
		return false;
	remote->hooks = remote->store->hooks;
	remote->hooks.argument = remote;
	remote->http = http_new(&settings);
	return remote->http ||
	       error_set(error, ERROR_SYSTEM, ENOMEM, remote->base.url, "can't connect");
}

struct http_request remote_request(struct remote *remote, const char *method)
{
	struct http_request request = {
		.what = remote->base.url,
		.method = method,
		.origin = remote->origin,
		.path = strdup(remote->path),
		.hooks = &remote->hooks,
		.answer_limit = MIB,
	};

	request.headers.failed = !request.path;
	return request;
}

bool remote_perform(struct remote *remote, struct http_request *request, struct error *error)
{
	const struct http_request *done = NULL;

	http_start(remote->http, request);
	while (!done) {
		done = http_next(remote->http, 500);
		if (!done && !storage_report_again(&remote->base, error)) {
			http_cancel(remote->http);
			return false;
		}
	}
	if (request->failed)
		*error = request->error;
	return !request->failed;
}

bool remote_no_tag(struct remote *remote, const struct http_request *request, struct error *error)
{
	return error_set(error, ERROR_SYSTEM, EPROTO, remote->base.url,
			 "the answer to its %s, of status %ld, has no tag of it: it is not saved",
			 request->method, request->status);
}

bool remote_correct_clock(const struct http_request *request, time_t *skew)
{
	const char *date = pairs_get(&request->answer_headers, "Date");
	time_t theirs = date ? curl_getdate(date, NULL) : -1;

	if (theirs < 0)
		return false;
	*skew = theirs - time(NULL);
	return true;
}

/*
 * An answer to HEAD has no body, so nobody says what is wrong; one to GET does. True where the
 * store then has the object after all: the clock, the region or the token has been put right
 * meanwhile.
 */
static bool learn_reason(struct remote *remote, struct error *error)
{
	struct http_request request = remote_request(remote, "GET");
	struct error reason;
	bool good;

	pairs_set(&request.headers, "Range", "bytes=0-0");
	request.whole_limit = 1;
	good = remote_perform(remote, &request, &reason) || request.status == 416 ||
	       request.status == 200;
	if (!good && (request.status >= 400 || reason.failure == ERROR_CANCELLED))
		*error = reason;
	http_request_free(&request);
	return good;
}

/* Of a store whose answer to HEAD has no length. */
static bool ask_size(struct remote *remote, struct storage_status *status, struct error *error)
{
	struct http_request request = remote_request(remote, "GET");
	const char *tag, *range, *length;
	struct http_range all;
	bool good;

	pairs_set(&request.headers, "Range", "bytes=0-0");
	pairs_set(&request.headers, "If-Match", status->etag);
	request.whole_limit = 1;
	good = remote_perform(remote, &request, error);
	range = pairs_get(&request.answer_headers, "Content-Range");
	length = pairs_get(&request.answer_headers, "Content-Length");
	tag = pairs_get(&request.answer_headers, "ETag");
	if (good && tag && !http_header_same_tag(tag, status->etag))
		good = error_set(error, ERROR_CHANGED, ESTALE, remote->base.url,
				 "it was replaced while it was looked at");
	else if (good && http_header_range(range, &all) && all.has_total)
		status->size = all.total;
	else if (request.status == 416 && http_header_unsatisfied(range, &status->size))
		good = status->size == 0;
	else if (request.status == 200 && length)
		good = (status->size = strtoull(length, NULL, 10), true);
	else if (good)
		good = error_set(error, ERROR_SYSTEM, EPROTO, remote->base.url,
				 "the store does not say how long it is");
	http_request_free(&request);
	return good;
}

/* That of the whole object: "...-4" is one of the checksums of 4 parts. */
static void read_sum(const struct http_request *request, struct storage_status *status)
{
	static const struct {
		const char *header;
		enum storage_sum_kind kind;
		size_t size;
	} sums[] = {
		{ "x-amz-checksum-crc64nvme", STORAGE_SUM_CRC64NVME, 8 },
		{ "x-amz-checksum-crc32", STORAGE_SUM_CRC32, 4 },
	};
	const char *type = pairs_get(&request->answer_headers, "x-amz-checksum-type");

	status->sum_kind = STORAGE_SUM_NONE;
	for (size_t i = 0; i < sizeof(sums) / sizeof(*sums); i++) {
		const char *text = pairs_get(&request->answer_headers, sums[i].header);
		struct buffer bytes = { 0 };

		if (status->sum_kind || !text || (type && strcasecmp(type, "full_object") != 0))
			continue;
		if (digest_from_base64(&bytes, text) && bytes.length == sums[i].size) {
			status->sum_kind = sums[i].kind;
			status->sum = 0;
			for (size_t at = 0; at < bytes.length; at++)
				status->sum = status->sum << 8 | (unsigned char)bytes.data[at];
		}
		buffer_free(&bytes);
	}
}

static bool read_status(struct remote *remote, const struct http_request *request,
			struct storage_status *status, struct error *error)
{
	const char *size = pairs_get(&request->answer_headers, "Content-Length");
	const char *etag = pairs_get(&request->answer_headers, "ETag");
	const char *metadata =
		pairs_get(&request->answer_headers, remote->store->metadata_header(remote));

	if (request->status != 200 || !etag || strlen(etag) >= sizeof(status->etag))
		return error_set(error, ERROR_SYSTEM, EPROTO, remote->base.url,
				 "the answer, of status %ld, has no ETag: it is not a store's",
				 request->status);
	strcpy(status->etag, etag);
	if (metadata)
		storage_metadata_read(metadata, &status->metadata);
	read_sum(request, status);
	if (!size)
		return ask_size(remote, status, error);
	status->size = strtoull(size, NULL, 10);
	return true;
}

bool remote_stat(struct storage *object, struct storage_status *status, struct error *error)
{
	struct remote *remote = (struct remote *)object;
	bool good, asked = false;

	if (!remote_ready(remote, error))
		return false;
	for (;;) {
		struct http_request request = remote_request(remote, "HEAD");

		good = remote_perform(remote, &request, error);
		if (good)
			good = read_status(remote, &request, status, error);
		else if (!asked && request.status >= 400 && request.status < 500)
			asked = learn_reason(remote, error);
		else
			asked = false;
		http_request_free(&request);
		if (good || !asked)
			break;
	}
	remote->size = status->size;
	remote->has_size = good;
	return good;
}

bool remote_remove(struct storage *object, struct error *error)
{
	struct remote *remote = (struct remote *)object;
	struct http_request request;
	bool good;

	if (!remote_ready(remote, error))
		return false;
	request = remote_request(remote, "DELETE");
	good = remote_perform(remote, &request, error) || error->failure == ERROR_ABSENT;
	http_request_free(&request);
	return good;
}
