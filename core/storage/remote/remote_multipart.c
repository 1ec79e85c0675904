/* SPDX-License-Identifier: Apache-2.0 */
/* See remote_writing.h: parts side by side. */
#include "storage/remote/remote_parts.h"
#include "storage/remote/remote_writing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM               256 /* parts that are noted at a time */
#define DRAIN_MILLISECONDS 10000

static bool add_part(struct writing *writing, size_t number)
{
	struct remote_upload *upload = &writing->upload;
	struct remote_part *parts;

	if (number >= writing->remote->store->digest_max)
		return remote_writing_fail(writing, EFBIG,
					   "it needs more parts than the store takes");
	upload->count = number + 1;
	if (number < writing->digest_room)
		return true;
	parts = realloc(upload->parts, (number + ROOM) * sizeof(*parts));
	if (!parts)
		return remote_writing_fail(writing, ENOMEM, "can't note its parts");
	memset(parts + number, 0, ROOM * sizeof(*parts));
	upload->parts = parts;
	writing->digest_room = number + ROOM;
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
	size_t count =
		remote_part_concurrency(writing->remote->store, number, writing->source->size,
					remote_source_is_file(writing));

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
		good = remote_writing_fail(writing, EPROTO, "the store gave no tag of a part");
	http_request_free(request);
	return good;
}

/*
 * Parts until the source has ended and all have arrived; the first is in slot 0 already. Where it
 * fails, parts on their way come first: one that arrives after the abort would stay in the store.
 */
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
			good = remote_source_take(writing, slot);
			if (!good || !slot->request.body.size)
				continue;
			good = send_part(writing, slot);
			number++;
			under_way++;
		}
		/* With a slot left, only a look at what has come. */
		request = http_next(http, slot ? 0 : 500);
		if (good && request) {
			good = part_arrived(writing, request);
			under_way--;
		}
		good = good && remote_writing_report(writing);
	}
	http_drain(http, good ? 0 : DRAIN_MILLISECONDS);
	writing->upload.size = writing->taken;
	return good;
}

static void abort_parts(struct writing *writing)
{
	struct error error, *first = writing->error;
	const struct remote_store *store = writing->remote->store;
	size_t length = strlen(first->text);

	if (!store->abort || store->abort(writing->remote, &writing->upload, &error) ||
	    error.failure == ERROR_ABSENT)
		return;
	snprintf(first->text + length, sizeof(first->text) - length,
		 "; its parts stay in the store: %s", error.text);
}

bool remote_write_parts(struct writing *writing)
{
	struct remote *remote = writing->remote;
	bool good;

	remote_source_metadata(writing);
	if (!remote->store->begin(remote, &writing->upload, writing->error))
		return false;
	good = write_parts(writing);
	if (good) {
		remote_source_metadata(writing);
		good = remote->store->complete(remote, &writing->upload, writing->error);
	}
	if (!good)
		abort_parts(writing);
	return good;
}
