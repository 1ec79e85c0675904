/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bucket - what S3 and Google's XML API have in common: uploads in parts that are begun, completed
 * and aborted with the same XML. They differ in who asks, and in the prefix of their headers.
 */
#ifndef FLYTECTX_STORAGE_BUCKET_H
#define FLYTECTX_STORAGE_BUCKET_H

#include "storage/remote/remote.h"

#define BUCKET_PARTS_MAX 10000
#define BUCKET_PART_MAX  (5ULL << 30)

/* An object of such a store begins with one. */
struct bucket {
	struct remote remote;        /* first, so that it is one */
	const char *metadata_header; /* of the store's prefix */
	const char *archive_mark_header;
	char mark[33]; /* random: by it an upload of ours is told from others */
};

void bucket_whole(struct remote *remote, struct http_request *request);
bool bucket_whole_done(const struct http_request *request);
bool bucket_begin(struct remote *remote, struct remote_upload *upload, struct error *error);
void bucket_part(struct remote *remote, struct remote_upload *upload, size_t number,
		 struct http_request *request);
bool bucket_part_done(struct remote_upload *upload, size_t number, struct http_request *request);
bool bucket_complete(struct remote *remote, struct remote_upload *upload, struct error *error);
bool bucket_abort(struct remote *remote, struct remote_upload *upload, struct error *error);
const char *bucket_metadata_header(const struct remote *remote);

/* What is the same in the tables of both. */
#define BUCKET_OPERATIONS                                                                          \
	.digest_max = BUCKET_PARTS_MAX, .part_max = BUCKET_PART_MAX,                               \
	.metadata_header = bucket_metadata_header, .whole = bucket_whole,                          \
	.whole_done = bucket_whole_done, .begin = bucket_begin, .part = bucket_part,               \
	.part_done = bucket_part_done, .complete = bucket_complete, .abort = bucket_abort

/* An object of SCHEME://BUCKET/KEY, where nobody stands before the bucket. NULL with the error. */
struct storage *bucket_new(const struct remote_store *store, const char *url, struct error *error);

/* Whether an answer asks to come again in its body, whatever its status says. */
bool bucket_again(const struct http_request *request);

#endif
