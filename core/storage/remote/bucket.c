/* SPDX-License-Identifier: Apache-2.0 */
/* See bucket.h. */
#include "storage/remote/bucket.h"
#include "storage/remote/bucket_stale.h"
#include "storage/sign/digest.h"
#include "storage/http/http_failure.h"
#include "storage/http/xml.h"

#include <bsd/stdlib.h>
#include <errno.h>
#include <string.h>

#define COMPLETE_PATIENCE                                                                          \
	600 /* seconds: putting thousands of parts together takes a store its time */

static struct bucket *bucket_of(struct remote *remote)
{
	return (struct bucket *)remote;
}

struct storage *bucket_new(const struct remote_store *store, const char *url, struct error *error)
{
	const char *bucket = strstr(url, "://") + strlen("://");

	if (bucket[strcspn(bucket, "@:/")] == '/' || !strchr(bucket, '/'))
		return remote_new(store, url, error);
	error_set(
		error, ERROR_INVALID, EINVAL, url,
		"its bucket has an '@' or a ':': no credentials, ARNs or Ceph tenants in a URL; an "
		"access point has an alias, and a key knows its tenant");
	return NULL;
}

const char *bucket_metadata_header(const struct remote *remote)
{
	return ((const struct bucket *)remote)->metadata_header;
}

void bucket_whole(struct remote *remote, struct http_request *request)
{
	pairs_set(&request->headers, "Content-Type", storage_content_type(&remote->base));
}

bool bucket_whole_done(const struct http_request *request)
{
	return request->status == 200 && pairs_get(&request->answer_headers, "ETag");
}

static void make_mark(struct bucket *bucket)
{
	unsigned char random[16];
	struct buffer text = { 0 };

	arc4random_buf(random, sizeof(random));
	digest_hex(&text, random, sizeof(random));
	memcpy(bucket->mark, buffer_string(&text), text.failed ? 1 : sizeof(bucket->mark));
	buffer_free(&text);
}

static char *answer_text(const struct http_request *request, const char *element)
{
	return xml_text(buffer_string(&request->answer), request->answer.length, element);
}

bool bucket_begin(struct remote *remote, struct remote_upload *upload, struct error *error)
{
	struct bucket *bucket = bucket_of(remote);
	struct http_request request = remote_request(remote, "POST");
	bool good;

	make_mark(bucket);
	pairs_add(&request.query, "uploads", "");
	pairs_set(&request.headers, "Content-Type", storage_content_type(&remote->base));
	pairs_set(&request.headers, bucket->archive_mark_header, bucket->mark);
	if (*upload->metadata)
		pairs_set(&request.headers, bucket->metadata_header, upload->metadata);
	good = remote_perform(remote, &request, error);
	if (good) {
		upload->id = answer_text(&request, "InitiateMultipartUploadResult/UploadId");
		good = upload->id || error_set(error, ERROR_SYSTEM, EPROTO, remote->base.url,
					       "the store gave the upload no id");
	}
	http_request_free(&request);
	return good;
}

void bucket_part(struct remote *remote, struct remote_upload *upload, size_t number,
		 struct http_request *request)
{
	(void)remote;
	pairs_format(&request->query, "partNumber", "%zu", number + 1);
	pairs_add(&request->query, "uploadId", upload->id);
}

bool bucket_part_done(struct remote_upload *upload, size_t number, struct http_request *request)
{
	const char *tag =
		bucket_whole_done(request) ? pairs_get(&request->answer_headers, "ETag") : NULL;

	upload->parts[number].tag = tag ? strdup(tag) : NULL;
	return upload->parts[number].tag != NULL;
}

static void add_escaped(struct buffer *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("<>&\"", *text))
			buffer_format(out, "&#%d;", *text);
		else
			buffer_append(out, text, 1);
	}
}

static void add_list_of_parts(struct buffer *out, const struct remote_upload *upload)
{
	buffer_text(out, "<CompleteMultipartUpload>");
	for (size_t i = 0; i < upload->count; i++) {
		buffer_format(out, "<Part><PartNumber>%zu</PartNumber><ETag>", i + 1);
		add_escaped(out, upload->parts[i].tag);
		buffer_text(out, "</ETag></Part>");
	}
	buffer_text(out, "</CompleteMultipartUpload>");
}

/*
 * An answer to complete that was lost is followed by "no such upload", for it is complete. The
 * object that is there now tells by its mark whether it is ours.
 */
static bool is_complete(struct remote *remote)
{
	const struct bucket *bucket = bucket_of(remote);
	struct http_request request = remote_request(remote, "HEAD");
	const char *mark = NULL;
	bool ours;

	if (http_perform(remote->http, &request))
		mark = pairs_get(&request.answer_headers, bucket->archive_mark_header);
	ours = mark && strcmp(mark, bucket->mark) == 0;
	http_request_free(&request);
	return ours;
}

/* A store that needs long says 200 first, and how it went only then. */
static bool check_completed(const struct remote *remote, const struct http_request *request,
			    struct error *error)
{
	char *tag = answer_text(request, "CompleteMultipartUploadResult/ETag");
	char *code = tag ? NULL : http_failure_code(request),
	     *message = answer_text(request, "Message");

	if (!tag)
		error_set(error, ERROR_SYSTEM, 0, remote->base.url,
			  "the store could not put its parts together: %.100s: %.200s",
			  code ? code : "it did not say why", message ? message : "");
	free(code);
	free(message);
	free(tag);
	return tag != NULL;
}

bool bucket_complete(struct remote *remote, struct remote_upload *upload, struct error *error)
{
	struct http_request request = remote_request(remote, "POST");
	struct buffer list = { 0 };
	bool good;

	add_list_of_parts(&list, upload);
	pairs_add(&request.query, "uploadId", upload->id);
	pairs_set(&request.headers, "Content-Type", "application/xml");
	request.headers.failed = request.headers.failed || list.failed;
	request.body = (struct http_body) { .data = list.data, .size = list.length };
	request.patience = COMPLETE_PATIENCE;
	good = remote_perform(remote, &request, error);
	if (good)
		good = check_completed(remote, &request, error);
	else if (request.status == 404 && request.attempts > 1)
		good = is_complete(remote);
	http_request_free(&request);
	buffer_free(&list);
	if (good)
		bucket_abort_stale(remote);
	return good;
}

bool bucket_abort(struct remote *remote, struct remote_upload *upload, struct error *error)
{
	struct http_request request = remote_request(remote, "DELETE");
	bool good;

	pairs_add(&request.query, "uploadId", upload->id);
	good = remote_perform(remote, &request, error);
	http_request_free(&request);
	return good;
}

bool bucket_again(const struct http_request *request)
{
	static const char *const codes[] = { "InternalError", "SlowDown", "ServiceUnavailable",
					     "RequestTimeout", "OperationAborted" };
	bool says_more = request->status == 400 || request->status == 409 ||
			 (request->status == 200 && strcmp(request->method, "POST") == 0);
	char *code = says_more ? answer_text(request, "Error/Code") : NULL;
	bool again = false;

	for (size_t i = 0; code && i < sizeof(codes) / sizeof(*codes); i++)
		again = again || strcmp(code, codes[i]) == 0;
	free(code);
	return again;
}
