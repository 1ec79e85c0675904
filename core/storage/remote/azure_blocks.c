/* SPDX-License-Identifier: Apache-2.0 */
/* See azure_blocks.h. */
#include "storage/remote/azure_blocks.h"
#include "storage/sign/digest.h"

#include <bsd/stdlib.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

void azure_whole(struct remote *remote, struct http_request *request)
{
	pairs_set(&request->headers, "x-ms-blob-type", "BlockBlob");
	pairs_set(&request->headers, "Content-Type", storage_content_type(&remote->base));
}

bool azure_whole_done(const struct http_request *request)
{
	return request->status == 201 && pairs_get(&request->answer_headers, "ETag");
}

/* Two that write one blob at the same time must not take each other's blocks for theirs. */
bool azure_begin(struct remote *remote, struct remote_upload *upload, struct error *error)
{
	unsigned char random[16];
	struct buffer text = { 0 };

	arc4random_buf(random, sizeof(random));
	digest_hex(&text, random, sizeof(random));
	upload->id = buffer_take(&text);
	return upload->id ||
	       error_set(error, ERROR_SYSTEM, ENOMEM, remote->base.url, "can't name its blocks");
}

/* All of one length, as Azure demands. */
static void add_name(struct buffer *out, const struct remote_upload *upload, size_t number)
{
	struct buffer text = { 0 };

	buffer_format(&text, "%s-%06zu", upload->id, number);
	digest_base64(out, buffer_string(&text), text.length);
	out->failed = out->failed || text.failed;
	buffer_free(&text);
}

void azure_part(struct remote *remote, struct remote_upload *upload, size_t number,
		struct http_request *request)
{
	struct buffer name = { 0 };

	(void)remote;
	add_name(&name, upload, number);
	pairs_add(&request->query, "comp", "block");
	pairs_add(&request->query, "blockid", buffer_string(&name));
	request->headers.failed = request->headers.failed || name.failed;
	buffer_free(&name);
}

bool azure_part_done(struct remote_upload *upload, size_t number, struct http_request *request)
{
	(void)upload, (void)number;
	return request->status == 201;
}

static void add_list(struct buffer *out, const struct remote_upload *upload)
{
	buffer_text(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
	for (size_t i = 0; i < upload->count; i++) {
		buffer_text(out, "<Latest>");
		add_name(out, upload, i);
		buffer_text(out, "</Latest>");
	}
	buffer_text(out, "</BlockList>");
}

bool azure_complete(struct remote *remote, struct remote_upload *upload, struct error *error)
{
	struct http_request request = remote_request(remote, "PUT");
	struct buffer list = { 0 };
	bool good;

	add_list(&list, upload);
	pairs_add(&request.query, "comp", "blocklist");
	pairs_set(&request.headers, "x-ms-blob-content-type", "application/octet-stream");
	if (*upload->metadata)
		pairs_set(&request.headers, "x-ms-meta-" STORAGE_METADATA_NAME, upload->metadata);
	request.headers.failed = request.headers.failed || list.failed;
	request.body = (struct http_body) { .data = list.data, .size = list.length };
	good = remote_perform(remote, &request, error) &&
	       (azure_whole_done(&request) || remote_no_tag(remote, &request, error));
	http_request_free(&request);
	buffer_free(&list);
	return good;
}
