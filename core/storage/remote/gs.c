/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gs - gs://BUCKET/KEY, by Google's XML API: like S3, with a token; or with an HMAC key, and then
 * the requests and their signatures are those of S3, prefix of the headers included.
 */
#include "storage/remote/bucket.h"
#include "storage/credentials/credentials_google.h"
#include "storage/http/http_failure.h"
#include "storage/sign/sign_aws.h"
#include "storage/sign/sign_body.h"
#include "storage/http/url.h"
#include "local/variable.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct gs {
	struct bucket bucket; /* first, so that it is one */
	struct credentials token;
	struct aws_key key; /* of the environment, which it borrows from */
	struct url endpoint;
	time_t skew;       /* how much the store's clock is ahead of ours: HMAC signs the time */
	bool is_anonymous; /* an emulator asks for nobody's name */
};

static struct gs *gs_of(struct remote *remote)
{
	return (struct gs *)remote;
}

static bool read_key(struct remote *remote, struct gs *gs, struct error *error)
{
	gs->key.id = variable("GS_ACCESS_KEY_ID");
	gs->key.secret = variable("GS_SECRET_ACCESS_KEY");
	if (!gs->key.id != !gs->key.secret)
		return error_set(error, ERROR_DENIED, 0, remote->base.url,
				 "only one of GS_ACCESS_KEY_ID and GS_SECRET_ACCESS_KEY is set");
	gs->bucket.metadata_header = gs->key.id ? "x-amz-meta-" STORAGE_METADATA_NAME
						: "x-goog-meta-" STORAGE_METADATA_NAME;
	gs->bucket.archive_mark_header = gs->key.id ? "x-amz-meta-" STORAGE_METADATA_NAME "-upload"
						    : "x-goog-meta-" STORAGE_METADATA_NAME
						      "-upload";
	return true;
}

static bool read_endpoint(struct remote *remote, struct gs *gs, struct error *error)
{
	const char *emulator = variable("STORAGE_EMULATOR_HOST");
	struct buffer address = { 0 };
	bool good;

	if (emulator && !strstr(emulator, "://"))
		buffer_text(&address, "http://");
	buffer_text(&address, emulator ? emulator : "https://storage.googleapis.com");
	url_free(&gs->endpoint);
	good = !address.failed && url_parse_base(&gs->endpoint, address.data);
	if (!good)
		error_set(error, ERROR_INVALID, EINVAL, remote->base.url,
			  "STORAGE_EMULATOR_HOST is no host");
	gs->is_anonymous = emulator && !variable_first("CLOUDSDK_AUTH_ACCESS_TOKEN",
						       "GOOGLE_APPLICATION_CREDENTIALS",
						       "GCE_METADATA_HOST", NULL);
	buffer_free(&address);
	return good;
}

static bool place(struct remote *remote, struct gs *gs, struct error *error)
{
	struct buffer path = { 0 };

	buffer_format(&path, "%s/", gs->endpoint.path);
	url_escape(&path, remote->bucket, "");
	buffer_text(&path, "/");
	url_escape(&path, remote->key, "/");
	free(remote->origin);
	free(remote->path);
	remote->origin = strdup(gs->endpoint.origin);
	remote->path = buffer_take(&path);
	return (remote->origin && remote->path) ||
	       error_set(error, ERROR_SYSTEM, ENOMEM, remote->base.url, "can't open it");
}

static bool configure(struct remote *remote, struct error *error)
{
	struct gs *gs = gs_of(remote);

	return read_key(remote, gs, error) && read_endpoint(remote, gs, error) &&
	       place(remote, gs, error);
}

static bool authorize(void *argument, struct http_request *request, struct error *error)
{
	struct remote *remote = argument;
	struct gs *gs = gs_of(remote);

	if (gs->key.id) {
		if (!sign_body(request, error))
			return false;
		return sign_aws(request, &gs->key, "auto", "s3", time(NULL) + gs->skew) ||
		       error_set(error, ERROR_SYSTEM, ENOMEM, request->what, "can't sign");
	}
	if (gs->is_anonymous)
		return true;
	if (!credentials_google_get(&gs->token, error))
		return false;
	credentials_token_set_authorization(&gs->token, request);
	return true;
}

static bool again(void *argument, struct http_request *request)
{
	struct gs *gs = gs_of(argument);
	char *code;
	bool is_skewed;

	if (bucket_again(request))
		return true;
	if (gs->key.id && request->status == 403 && request->attempts <= 2) {
		code = http_failure_code(request);
		is_skewed = code && strcmp(code, "RequestTimeTooSkewed") == 0;
		free(code);
		return is_skewed && remote_correct_clock(request, &gs->skew);
	}
	return request->status == 401 && request->attempts <= 2 && credentials_forget(&gs->token);
}

static void close_gs(struct remote *remote)
{
	struct gs *gs = gs_of(remote);

	credentials_free(&gs->token);
	url_free(&gs->endpoint);
}

static const struct remote_store store = {
	.size = sizeof(struct gs),
	BUCKET_OPERATIONS,
	.configure = configure,
	.hooks = { .authorize = authorize, .again = again },
	.close = close_gs,
};

struct storage *storage_gs_open(const char *url, struct error *error)
{
	return bucket_new(&store, url, error);
}
