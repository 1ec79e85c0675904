/* SPDX-License-Identifier: Apache-2.0 */
/* See gzip_reader_state.h: members of ours, side by side. */
#include "checkpoint/archive/gzip_reader_state.h"

#include <errno.h>
#include <string.h>

/* Is the next thing a member of ours, which is there as a whole? */
static bool next_member(struct gzip_reader *reader, uint32_t *size, struct error *error)
{
	uint64_t left;

	*size = 0;
	if (reader->in_member || reader->origin != GZIP_OURS)
		return true;
	if (reader->state.avail_in < MARK_HEAD_SIZE && !gzip_reader_refill(reader, error))
		return false;
	left = reader->size - reader->position + reader->state.avail_in;
	if (reader->state.avail_in < MARK_HEAD_SIZE ||
	    !archive_mark_head_read(reader->state.next_in, size))
		*size = 0;
	else if (*size > GZIP_MEMBER_MAX || *size < MARK_HEAD_SIZE)
		return gzip_reader_corrupt(reader, error, "a member has no sound length");
	else if (*size > left)
		return gzip_reader_corrupt(reader, error, "it was cut");
	return true;
}

static bool give_member(struct gzip_reader *reader, struct gzip_member *member, uint32_t size,
			struct error *error)
{
	size_t buffered = reader->state.avail_in < size ? reader->state.avail_in : size;

	memcpy(member->packed, reader->state.next_in, buffered);
	reader->state.next_in += buffered;
	reader->state.avail_in -= (uint32_t)buffered;
	if (!gzip_reader_raw(reader, member->packed + buffered, size - buffered, error))
		return false;
	member->packed_size = size;
	lanes_give(reader->lanes);
	return true;
}

/* As many as there is room for. */
static bool give_members(struct gzip_reader *reader, struct error *error)
{
	struct gzip_member *member;
	uint32_t size;

	for (;;) {
		if (!next_member(reader, &size, error))
			return false;
		if (!size)
			return true;
		if (!reader->lanes)
			reader->lanes = lanes_new(sizeof(struct gzip_member), gzip_member_unpack);
		member = reader->lanes ? lanes_room(reader->lanes) : NULL;
		if (!member)
			return true;
		if (!give_member(reader, member, size, error))
			return false;
	}
}

/* The next one that is unpacked, none where no member of ours is under way. */
static bool take_member(struct gzip_reader *reader, struct error *error)
{
	reader->handed = 0;
	reader->member = NULL;
	if (!give_members(reader, error))
		return false;
	reader->member = reader->lanes ? lanes_take(reader->lanes) : NULL;
	return !reader->member || !reader->member->failure ||
	       gzip_reader_corrupt(reader, error, reader->member->failure);
}

static size_t hand_out(struct gzip_reader *reader, unsigned char *data, size_t size)
{
	size_t left = reader->member->data_size - reader->handed;

	if (size > left)
		size = left;
	memcpy(data, reader->member->data + reader->handed, size);
	reader->handed += size;
	return size;
}

/* Fills `data` from members of ours, as far as they go; -1 with the error. */
int64_t gzip_members_get(struct gzip_reader *reader, unsigned char *data, size_t size,
			 struct error *error)
{
	size_t got = 0;

	while (got < size) {
		if ((!reader->member || reader->handed == reader->member->data_size) &&
		    !take_member(reader, error))
			return -1;
		if (!reader->member)
			break;
		got += hand_out(reader, data + got, size - got);
	}
	return (int64_t)got;
}
