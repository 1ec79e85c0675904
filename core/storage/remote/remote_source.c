/* SPDX-License-Identifier: Apache-2.0 */
/* See remote_writing.h: what is written, part by part. */
#include "storage/remote/remote_parts.h"
#include "storage/remote/remote_writing.h"

#include <errno.h>

bool remote_source_is_file(const struct writing *writing)
{
	return writing->source->fd >= 0;
}

/* Reads from a function until the part is full or there is no more. Parts before it go on
 * meanwhile. */
static bool fill(struct writing *writing, struct buffer *data, size_t size)
{
	const struct storage_source *source = writing->source;

	data->length = 0;
	if (!buffer_reserve(data, size))
		return remote_writing_fail(writing, ENOMEM, "can't hold a part of it");
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
		http_work(writing->remote->http);
	}
	if (!writing->metadata.has_checksum &&
	    (!writing->taken || writing->remote->store->metadata_at_end))
		writing->metadata.checksum =
			storage_checksum(writing->metadata.checksum, data->data, data->length);
	return true;
}

bool remote_source_take(struct writing *writing, struct part_slot *slot)
{
	const struct storage_source *source = writing->source;
	uint64_t size = remote_part_size(writing->remote->store, slot->number, source->size,
					 remote_source_is_file(writing));
	struct http_body *body = &slot->request.body;

	if (remote_source_is_file(writing)) {
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
		return remote_writing_fail(writing, 0, "its size has changed while it was saved");
	return true;
}

void remote_source_metadata(struct writing *writing)
{
	struct storage_metadata metadata = writing->metadata;

	if (writing->ended && !remote_source_is_file(writing)) {
		metadata.has_size = metadata.has_checksum = true;
		metadata.size = writing->taken;
	}
	storage_metadata_text(&metadata, writing->metadata_text);
	writing->upload.metadata = writing->metadata_text;
}
