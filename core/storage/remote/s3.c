/* SPDX-License-Identifier: Apache-2.0 */
/*
 * s3 - s3://BUCKET/KEY on AWS or what is compatible with it: where a bucket is, who asks, and what
 * AWS answers that others don't.
 */
#include "storage/remote/bucket.h"
#include "storage/credentials/aws_partition.h"
#include "storage/credentials/aws_profile.h"
#include "storage/credentials/credentials_aws.h"
#include "storage/credentials/credentials_aws_region.h"
#include "storage/http/http_failure.h"
#include "storage/sign/sign_aws.h"
#include "storage/sign/sign_body.h"
#include "storage/http/url.h"
#include "local/variable.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Without a '.', which a certificate for *.HOST does not cover. */
#define HOST_NAME    "abcdefghijklmnopqrstuvwxyz0123456789-"
#define NO_HOST_NAME "?#\\%"

struct s3 {
	struct bucket bucket; /* first, so that it is one */
	struct credentials credentials;
	struct url endpoint; /* empty: AWS's own of the region */
	char *region;
	char *style;    /* of addresses, "path" or "virtual"; NULL where it is not set */
	bool needs_md5; /* the bucket takes no body without a hash of it */
	bool needs_sum; /* likewise, and a checksum it has to be */
	time_t skew;    /* how much the store's clock is ahead of ours */
};

static struct s3 *s3_of(struct remote *remote)
{
	return (struct s3 *)remote;
}

/* Of the variables, and of the profile: that is where its key is good. NULL: AWS's own; the caller
 * frees it. */
static char *configured_endpoint(void)
{
	const char *endpoint = variable("FLYTE_AWS_ENDPOINT");
	bool only = variable_is_true("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");

	if (!endpoint && !only)
		endpoint = variable_first("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", NULL);
	if (endpoint)
		return strdup(endpoint);
	return only ? NULL : aws_profile_endpoint();
}

static bool read_endpoint(struct remote *remote, struct error *error)
{
	struct s3 *s3 = s3_of(remote);
	char *endpoint = configured_endpoint();
	const char *why = NULL;
	bool good = !endpoint || url_parse_base(&s3->endpoint, endpoint);

	if (!good)
		error_set(error, ERROR_INVALID, EINVAL, remote->base.url,
			  "the endpoint, of FLYTE_AWS_ENDPOINT, AWS_ENDPOINT_URL_S3, "
			  "AWS_ENDPOINT_URL or the profile, is no URL of http or https");
	else if (!endpoint && !aws_partition_has(s3->region, &why))
		good = error_set(error, ERROR_INVALID, EINVAL, remote->base.url, "%s", why);
	free(endpoint);
	return good;
}

static bool read_style(struct s3 *s3)
{
	const char *style = variable("FLYTE_AWS_S3_ADDRESSING_STYLE");

	free(s3->style);
	s3->style = style ? strdup(style) : aws_profile_setting("s3.addressing_style");
	return !style || s3->style;
}

/* BUCKET.HOST/KEY where the bucket's name can be in a host name and in a certificate for *.HOST;
 * HOST/BUCKET/KEY for what is compatible, if nobody says otherwise. */
static bool is_virtual(const struct s3 *s3)
{
	const char *bucket = s3->bucket.remote.bucket, *style = s3->style;

	/* What is no name of a host would end it, and the request go to another one. */
	if ((style && strcmp(style, "path") == 0) || bucket[strcspn(bucket, NO_HOST_NAME)])
		return false;
	if (style && strcmp(style, "virtual") == 0)
		return true;
	return !s3->endpoint.origin && !bucket[strspn(bucket, HOST_NAME)];
}

static void add_path(struct buffer *path, const struct s3 *s3, bool with_bucket)
{
	const struct remote *remote = &s3->bucket.remote;

	if (s3->endpoint.path)
		buffer_text(path, s3->endpoint.path);
	if (with_bucket) {
		buffer_text(path, "/");
		url_escape(path, remote->bucket, "");
	}
	buffer_text(path, "/");
	url_escape(path, remote->key, "/");
}

static void add_origin(struct buffer *origin, const struct s3 *s3, bool with_bucket)
{
	const char *bucket = s3->bucket.remote.bucket;
	const char *own = s3->endpoint.origin;
	const char *host = own ? strstr(own, "://") + strlen("://") : NULL;
	size_t length = strlen(bucket);

	if (host && strncmp(host, bucket, length) == 0 && host[length] == '.')
		with_bucket = false;
	if (host)
		buffer_format(origin, "%.*s", (int)(host - own), own);
	else
		buffer_text(origin, "https://");
	if (with_bucket)
		buffer_format(origin, "%s.", bucket);
	if (host)
		buffer_text(origin, host);
	else
		aws_partition_host(origin, "s3", s3->region);
}

static bool place(struct remote *remote, struct error *error)
{
	struct buffer origin = { 0 }, path = { 0 };
	const struct s3 *s3 = s3_of(remote);
	bool in_host = is_virtual(s3);

	add_origin(&origin, s3, in_host);
	add_path(&path, s3, !in_host);
	free(remote->origin);
	free(remote->path);
	remote->origin = buffer_take(&origin);
	remote->path = buffer_take(&path);
	return (remote->origin && remote->path) ||
	       error_set(error, ERROR_SYSTEM, ENOMEM, remote->base.url, "can't open it");
}

static bool configure(struct remote *remote, struct error *error)
{
	struct s3 *s3 = s3_of(remote);

	s3->bucket.metadata_header = "x-amz-meta-" STORAGE_METADATA_NAME;
	s3->bucket.archive_mark_header = "x-amz-meta-" STORAGE_METADATA_NAME "-upload";
	free(s3->region);
	s3->region = credentials_aws_region();
	url_free(&s3->endpoint);
	if (!s3->region || !read_style(s3))
		return error_set(error, ERROR_SYSTEM, ENOMEM, remote->base.url, "can't open it");
	return read_endpoint(remote, error) && place(remote, error);
}

/* Of what the bucket has asked for: an object's bytes, not the lists of the protocol. */
static bool add_sums(const struct s3 *s3, struct http_request *request, struct error *error)
{
	if (!request->body.size || strcmp(request->method, "PUT") != 0)
		return true;
	return (!s3->needs_md5 || sign_body_md5(request, error)) &&
	       (!s3->needs_sum || sign_body_sum(request, error));
}

static bool authorize(void *argument, struct http_request *request, struct error *error)
{
	struct remote *remote = argument;
	struct s3 *s3 = s3_of(remote);
	struct aws_key key;

	if (!credentials_aws_get(&s3->credentials, error))
		return false;
	request->origin = remote->origin;
	if (!add_sums(s3, request, error))
		return false;
	/* Of an object it is told only where it is asked for. */
	if (strcmp(request->method, "HEAD") == 0)
		pairs_set(&request->headers, "x-amz-checksum-mode", "ENABLED");
	key = (struct aws_key) { s3->credentials.id, s3->credentials.secret,
				 s3->credentials.token };
	if (!sign_body(request, error))
		return false;
	return sign_aws(request, &key, s3->region, "s3", time(NULL) + s3->skew) ||
	       error_set(error, ERROR_SYSTEM, ENOMEM, request->what, "can't sign");
}

/* A bucket of AWS is elsewhere, and the answer says where. */
static bool correct_region(struct remote *remote, const struct http_request *request)
{
	const char *region = pairs_get(&request->answer_headers, "x-amz-bucket-region");
	struct s3 *s3 = s3_of(remote);
	struct error error;
	char *copy;

	/* It becomes a part of a host's name. */
	if (!region || !*region || region[strspn(region, HOST_NAME)] ||
	    strcmp(region, s3->region) == 0 || s3->endpoint.origin)
		return false;
	copy = strdup(region);
	if (!copy)
		return false;
	free(s3->region);
	s3->region = copy;
	return place(remote, &error);
}

/* An object lock, a retention that is the bucket's default, or a policy asks for it; "Content-MD5
 * OR x-amz-checksum-" is met by the former. */
static bool learn_sums(struct s3 *s3, const struct http_request *request)
{
	char *message = http_failure_message(request);
	bool md5 = message && strstr(message, "Content-MD5");
	bool sum = message && !md5 && strcasestr(message, "checksum");
	bool is_new = (md5 && !s3->needs_md5) || (sum && !s3->needs_sum);

	free(message);
	if (!request->body.size)
		return false;
	s3->needs_md5 = s3->needs_md5 || md5;
	s3->needs_sum = s3->needs_sum || sum;
	return is_new || ((md5 || sum) && request->attempts == 1);
}

static bool again(void *argument, struct http_request *request)
{
	struct remote *remote = argument;
	struct s3 *s3 = s3_of(remote);
	char *code;
	bool answer = false;

	if (bucket_again(request))
		return true;
	if (request->status < 300 || request->status == 404 || request->attempts > 2)
		return false;
	code = http_failure_code(request);
	if (code && strcmp(code, "RequestTimeTooSkewed") == 0)
		answer = remote_correct_clock(request, &s3->skew);
	else if (code && strcmp(code, "ExpiredToken") == 0)
		answer = credentials_forget(&s3->credentials);
	else if (code && strcmp(code, "InvalidRequest") == 0)
		answer = learn_sums(s3, request);
	else
		answer = correct_region(remote, request);
	free(code);
	return answer;
}

static void close_s3(struct remote *remote)
{
	struct s3 *s3 = s3_of(remote);

	credentials_free(&s3->credentials);
	url_free(&s3->endpoint);
	free(s3->region);
	free(s3->style);
}

static const struct remote_store store = {
	.size = sizeof(struct s3),
	BUCKET_OPERATIONS,
	.configure = configure,
	.hooks = { .authorize = authorize, .again = again },
	.close = close_s3,
};

struct storage *storage_s3_open(const char *url, struct error *error)
{
	return bucket_new(&store, url, error);
}
