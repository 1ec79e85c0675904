/* SPDX-License-Identifier: Apache-2.0 */
/*
 * remote_write - an object as a whole, or in parts where it is long. A source that is a file is
 * read again by whatever sends a part; what comes from a function waits in memory until its part
 * has arrived, so that it can be sent again. The object is there when all is: a store shows it only
 * when it is complete.
 */
#include "storage/remote/remote_writing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool remote_writing_fail(struct writing *writing, int number, const char *why)
{
	return error_set(writing->error, ERROR_SYSTEM, number, writing->remote->base.url, "%s",
			 why);
}

bool remote_writing_report(struct writing *writing)
{
	return storage_report(&writing->remote->base,
			      writing->done + http_moved(writing->remote->http),
			      writing->source->size, writing->error);
}

static bool write_whole(struct writing *writing)
{
	struct remote *remote = writing->remote;
	struct http_request request = remote_request(remote, "PUT"), *done = NULL;
	bool good = true;

	request.body = writing->slots[0].request.body;
	remote_source_metadata(writing);
	if (*writing->metadata_text)
		pairs_set(&request.headers, remote->store->metadata_header(remote),
			  writing->metadata_text);
	remote->store->whole(remote, &request);
	http_start(remote->http, &request);
	while (good && !done) {
		done = http_next(remote->http, 500);
		good = done || remote_writing_report(writing);
	}
	http_cancel(remote->http);
	if (good && request.failed) {
		*writing->error = request.error;
		good = false;
	}
	good = good && (remote->store->whole_done(&request) ||
			remote_no_tag(remote, &request, writing->error));
	http_request_free(&request);
	return good;
}

static void free_writing(struct writing *writing)
{
	for (size_t i = 0; i < REMOTE_CONCURRENCY; i++) {
		http_request_free(&writing->slots[i].request);
		buffer_free(&writing->slots[i].data);
	}
	for (size_t i = 0; i < writing->digest_room; i++)
		free(writing->upload.parts[i].tag);
	free(writing->upload.parts);
	free(writing->upload.id);
	free(writing);
}

bool remote_write(struct storage *object, const struct storage_source *source,
		  const struct storage_metadata *metadata, struct error *error)
{
	struct writing *writing;
	bool good;

	if (!remote_ready((struct remote *)object, error))
		return false;
	writing = calloc(1, sizeof(*writing));
	if (!writing)
		return error_set(error, ERROR_SYSTEM, ENOMEM, object->url, "can't save it");
	writing->remote = (struct remote *)object;
	writing->source = source;
	writing->metadata = *metadata;
	writing->error = error;
	good = remote_source_take(writing, &writing->slots[0]);
	if (good)
		good = writing->ended ? write_whole(writing) : remote_write_parts(writing);
	free_writing(writing);
	return good;
}
