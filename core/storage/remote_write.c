/* SPDX-License-Identifier: Apache-2.0 */
/*
 * remote_write - an object as a whole, or in parts where it is long. A source that is a file is
 * read again by whatever sends a part; what comes from a function waits in memory until its part
 * has arrived, so that it can be sent again. The object is there when all is: a store shows it only
 * when it is complete.
 */
#include "remote.h"
#include "remote_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct writing {
	struct remote *remote;
	const struct storage_source *source;
	struct storage_metadata metadata;
	char metadata_text[STORAGE_METADATA_MAX];
	struct remote_upload upload;
	struct part_slot {
		struct http_request request;
		struct buffer data; /* of a source that is no file */
		bool busy;
		size_t number;
	} slots[REMOTE_CONCURRENCY];
	uint64_t taken; /* bytes that the source has given */
	uint64_t done;  /* bytes of parts that have arrived */
	bool ended;     /* the source has no more */
	struct storage_error *error;
};

static bool is_file(const struct writing *writing)
{
	return writing->source->fd >= 0;
}

static bool fail(struct writing *writing, int number, const char *why)
{
	return storage_fail(writing->error, STORAGE_SYSTEM, number, writing->remote->base.url, "%s",
			    why);
}

/* Reads from a function until the part is full or there is no more. */
static bool fill(struct writing *writing, struct buffer *data, size_t size)
{
	const struct storage_source *source = writing->source;

	data->length = 0;
	if (!buffer_reserve(data, size))
		return fail(writing, ENOMEM, "can't hold a part of it");
	while (data->length < size) {
		int64_t count = source->read(source->argument, data->data + data->length,
					     size - data->length, writing->error);

		if (count < 0)
			return false;
		if (count == 0) {
			writing->ended = true;
			break;
		}
		data->length += (size_t)count;
	}
	if (!writing->metadata.has_checksum &&
	    (!writing->taken || writing->remote->store->metadata_at_end))
		writing->metadata.checksum =
			storage_checksum(writing->metadata.checksum, data->data, data->length);
	return true;
}

/* The next part, into the slot; an empty one where the source has ended before it. */
static bool take_part(struct writing *writing, struct part_slot *slot)
{
	const struct storage_source *source = writing->source;
	uint64_t size = remote_part_size(writing->remote->store, slot->number, source->size,
					 is_file(writing));
	struct http_body *body = &slot->request.body;

	if (is_file(writing)) {
		uint64_t left = source->size - writing->taken;

		*body = (struct http_body) { .fd = source->fd, .offset = writing->taken };
		body->size = left < size ? left : size;
		writing->ended = body->size == left;
	} else {
		if (!fill(writing, &slot->data, (size_t)size))
			return false;
		*body = (struct http_body) { .data = slot->data.data, .size = slot->data.length };
	}
	writing->taken += body->size;
	if (source->size != STORAGE_SIZE_UNKNOWN &&
	    (writing->taken > source->size || (writing->ended && writing->taken < source->size)))
		return fail(writing, 0, "its size has changed while it was saved");
	return true;
}

/* What it says of itself, with all that is known by now. */
static void write_metadata(struct writing *writing)
{
	struct storage_metadata metadata = writing->metadata;

	if (writing->ended && !is_file(writing)) {
		metadata.has_size = metadata.has_checksum = true;
		metadata.size = writing->taken;
	}
	storage_metadata_text(&metadata, writing->metadata_text);
	writing->upload.metadata = writing->metadata_text;
}

static bool report(struct writing *writing)
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
	write_metadata(writing);
	if (*writing->metadata_text)
		pairs_set(&request.headers, remote->store->metadata_header(remote),
			  writing->metadata_text);
	remote->store->whole(remote, &request);
	http_start(remote->http, &request);
	while (good && !done) {
		done = http_next(remote->http, 500);
		good = report(writing);
	}
	http_cancel(remote->http);
	if (good && request.failed) {
		*writing->error = request.error;
		good = false;
	}
	http_request_free(&request);
	return good;
}

static bool add_part(struct writing *writing, size_t number)
{
	struct remote_upload *upload = &writing->upload;
	struct remote_part *parts;

	if (number >= writing->remote->store->parts_max)
		return fail(writing, EFBIG, "it needs more parts than the store takes");
	if (number < upload->count)
		return true;
	parts = realloc(upload->parts, (upload->count + 256) * sizeof(*parts));
	if (!parts)
		return fail(writing, ENOMEM, "can't note its parts");
	memset(parts + upload->count, 0, 256 * sizeof(*parts));
	upload->parts = parts;
	upload->count += 256;
	return true;
}

static bool send_part(struct writing *writing, struct part_slot *slot)
{
	struct remote *remote = writing->remote;
	struct http_body body = slot->request.body;

	if (!add_part(writing, slot->number))
		return false;
	slot->request = remote_request(remote, "PUT");
	slot->request.body = body;
	remote->store->part(remote, &writing->upload, slot->number, &slot->request);
	slot->busy = true;
	http_start(remote->http, &slot->request);
	return true;
}

/* Where parts have grown there are fewer slots: those that are too many give their memory back
 * before a longer one is taken. */
static struct part_slot *free_slot(struct writing *writing, size_t number)
{
	size_t count = remote_part_concurrency(writing->remote->store, number,
					       writing->source->size, is_file(writing));

	for (size_t i = count; i < REMOTE_CONCURRENCY; i++) {
		if (writing->slots[i].busy)
			return NULL;
		buffer_free(&writing->slots[i].data);
	}
	for (size_t i = 0; i < count; i++)
		if (!writing->slots[i].busy)
			return &writing->slots[i];
	return NULL;
}

static bool part_arrived(struct writing *writing, struct http_request *request)
{
	struct part_slot *slot = (struct part_slot *)request;
	const struct remote_store *store = writing->remote->store;
	bool good = !request->failed;

	slot->busy = false;
	writing->done += request->body.size;
	if (!good)
		*writing->error = request->error;
	else if (!store->part_done(&writing->upload, slot->number, request))
		good = fail(writing, EPROTO, "the store gave no tag of a part");
	http_request_free(request);
	return good;
}

/* Parts until the source has ended and all have arrived; the first is in slot 0 already. */
static bool write_parts(struct writing *writing)
{
	struct http *http = writing->remote->http;
	struct http_request *request;
	size_t number = 1, under_way = 1;
	bool good = send_part(writing, &writing->slots[0]);

	while (good && (under_way || !writing->ended)) {
		struct part_slot *slot = writing->ended ? NULL : free_slot(writing, number);

		if (slot) {
			slot->number = number;
			good = take_part(writing, slot);
			if (!good || !slot->request.body.size)
				continue;
			good = send_part(writing, slot);
			number++, under_way++;
		}
		/* With a slot left, only a look at what has come. */
		request = http_next(http, slot ? 0 : 500);
		if (good && request) {
			good = part_arrived(writing, request);
			under_way--;
		}
		good = good && report(writing);
	}
	http_cancel(http);
	writing->upload.count = number;
	writing->upload.size = writing->taken;
	return good;
}

static void abort_parts(struct writing *writing)
{
	struct storage_error error, *first = writing->error;
	const struct remote_store *store = writing->remote->store;
	size_t length = strlen(first->text);

	if (!store->abort || store->abort(writing->remote, &writing->upload, &error) ||
	    error.failure == STORAGE_ABSENT)
		return;
	snprintf(first->text + length, sizeof(first->text) - length,
		 "; its parts stay in the store: %s", error.text);
}

static bool write_in_parts(struct writing *writing)
{
	struct remote *remote = writing->remote;
	bool good;

	write_metadata(writing);
	if (!remote->store->begin(remote, &writing->upload, writing->error))
		return false;
	good = write_parts(writing);
	if (good) {
		write_metadata(writing);
		good = remote->store->complete(remote, &writing->upload, writing->error);
	}
	if (!good)
		abort_parts(writing);
	return good;
}

static void free_writing(struct writing *writing)
{
	for (size_t i = 0; i < REMOTE_CONCURRENCY; i++) {
		http_request_free(&writing->slots[i].request);
		buffer_free(&writing->slots[i].data);
	}
	for (size_t i = 0; i < writing->upload.count && writing->upload.parts; i++)
		free(writing->upload.parts[i].tag);
	free(writing->upload.parts);
	free(writing->upload.id);
	free(writing);
}

bool remote_write(struct storage *object, const struct storage_source *source,
		  const struct storage_metadata *metadata, struct storage_error *error)
{
	struct writing *writing;
	bool good;

	if (!remote_ready((struct remote *)object, error))
		return false;
	writing = calloc(1, sizeof(*writing));
	if (!writing)
		return storage_fail(error, STORAGE_SYSTEM, ENOMEM, object->url, "can't save it");
	writing->remote = (struct remote *)object;
	writing->source = source;
	writing->metadata = *metadata;
	writing->error = error;
	good = take_part(writing, &writing->slots[0]);
	if (good)
		good = writing->ended ? write_whole(writing) : write_in_parts(writing);
	free_writing(writing);
	return good;
}
