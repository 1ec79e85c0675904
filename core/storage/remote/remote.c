/* SPDX-License-Identifier: Apache-2.0 */
/* See remote.h: making an object, asking for it, removing it. */
#include "storage/remote/remote.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
	if (http_perform(remote->http, request))
		return true;
	*error = request->error;
	return false;
}

/* An answer to HEAD has no body, so nobody says what is wrong; one to GET does. */
static void learn_reason(struct remote *remote, struct error *error)
{
	struct http_request request = remote_request(remote, "GET");

	pairs_set(&request.headers, "Range", "bytes=0-0");
	http_perform(remote->http, &request);
	if (request.failed && request.error.failure == error->failure)
		*error = request.error;
	http_request_free(&request);
}

static bool read_status(struct remote *remote, const struct http_request *request,
			struct storage_status *status, struct error *error)
{
	const char *size = pairs_get(&request->answer_headers, "Content-Length");
	const char *etag = pairs_get(&request->answer_headers, "ETag");
	const char *metadata =
		pairs_get(&request->answer_headers, remote->store->metadata_header(remote));

	if (!size || !etag || strlen(etag) >= sizeof(status->etag))
		return error_set(error, ERROR_SYSTEM, EPROTO, remote->base.url,
				 "the store says no size or no ETag of it");
	status->size = strtoull(size, NULL, 10);
	strcpy(status->etag, etag);
	if (metadata)
		storage_metadata_read(metadata, &status->metadata);
	return true;
}

bool remote_stat(struct storage *object, struct storage_status *status, struct error *error)
{
	struct remote *remote = (struct remote *)object;
	struct http_request request;
	bool good;

	if (!remote_ready(remote, error))
		return false;
	request = remote_request(remote, "HEAD");
	good = remote_perform(remote, &request, error);
	if (good)
		good = read_status(remote, &request, status, error);
	else if (request.status >= 400 && request.status < 500 && request.status != 404)
		learn_reason(remote, error);
	http_request_free(&request);
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
