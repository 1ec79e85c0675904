/* SPDX-License-Identifier: Apache-2.0 */
/* See gzip_writer.h. */
#include "checkpoint/archive/gzip_writer.h"
#include "checkpoint/archive/gzip_member.h"
#include "checkpoint/archive/lanes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct gzip_writer {
	struct lanes *lanes;
	struct gzip_member *member; /* that is being filled */
	bool (*write)(void *argument, const void *data, size_t size, struct error *error);
	void *argument;
	struct archive_mark_tail tail; /* of what was written so far */
};

struct gzip_writer *gzip_writer_new(bool (*write)(void *argument, const void *data, size_t size,
						  struct error *error),
				    void *argument)
{
	struct gzip_writer *writer = calloc(1, sizeof(*writer));

	if (!writer)
		return NULL;
	writer->lanes = lanes_new(sizeof(struct gzip_member), gzip_member_pack);
	if (!writer->lanes) {
		free(writer);
		return NULL;
	}
	writer->write = write;
	writer->argument = argument;
	return writer;
}

void gzip_writer_free(struct gzip_writer *writer)
{
	lanes_free(writer->lanes);
	free(writer);
}

/* Hands on the oldest member; `any` becomes false where there was none. */
static bool hand_on(struct gzip_writer *writer, bool *any, struct error *error)
{
	const struct gzip_member *member = lanes_take(writer->lanes);

	*any = member;
	if (!member)
		return true;
	if (member->failure)
		return error_set(error, ERROR_SYSTEM, EINVAL, "gzip", "%s", member->failure);
	writer->tail.size += member->packed_size;
	writer->tail.checksum =
		storage_checksum(writer->tail.checksum, member->packed, member->packed_size);
	return writer->write(writer->argument, member->packed, member->packed_size, error);
}

/* An empty member to fill. */
static bool begin_member(struct gzip_writer *writer, struct error *error)
{
	bool any = true;

	while (!(writer->member = lanes_room(writer->lanes)) && any)
		if (!hand_on(writer, &any, error))
			return false;
	if (!writer->member)
		return error_set(error, ERROR_SYSTEM, ENOMEM, "gzip", "can't compress it");
	writer->member->data_size = 0;
	return true;
}

static void end_member(struct gzip_writer *writer)
{
	lanes_give(writer->lanes);
	writer->member = NULL;
}

bool gzip_writer_put(struct gzip_writer *writer, const void *data, size_t size, struct error *error)
{
	while (size) {
		struct gzip_member *member = writer->member;
		size_t room;

		if (!member && !begin_member(writer, error))
			return false;
		member = writer->member;
		room = sizeof(member->data) - member->data_size;
		if (room > size)
			room = size;
		memcpy(member->data + member->data_size, data, room);
		member->data_size += room;
		data = (const char *)data + room;
		size -= room;
		if (member->data_size == sizeof(member->data))
			end_member(writer);
	}
	return true;
}

bool gzip_writer_end(struct gzip_writer *writer, struct error *error)
{
	unsigned char text[ARCHIVE_MARK_TAIL_SIZE];
	bool any = true;

	if (writer->member)
		end_member(writer);
	while (any)
		if (!hand_on(writer, &any, error))
			return false;
	writer->tail.size += ARCHIVE_MARK_TAIL_SIZE;
	archive_mark_tail_write(&writer->tail, text);
	return writer->write(writer->argument, text, sizeof(text), error);
}
