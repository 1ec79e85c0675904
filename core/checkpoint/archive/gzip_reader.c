/* SPDX-License-Identifier: Apache-2.0 */
/* See gzip_reader.h. */
#include "checkpoint/archive/gzip_reader.h"
#include "checkpoint/archive/gzip_reader_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXTRA_MAX 65535
#define NAME_SIZE 256

/* What Python's tarfile puts into the header of an archive that the SDK makes. */
#define SDK_NAME "flyte-cptar-"

bool gzip_reader_corrupt(const struct gzip_reader *reader, struct error *error, const char *why)
{
	return error_set(error, ERROR_CORRUPT, EBADMSG, reader->name, "the archive is damaged, %s",
			 why);
}

static bool read_at(const struct gzip_reader *reader, uint64_t offset, unsigned char *data,
		    size_t size, struct error *error)
{
	while (size) {
		ssize_t count = pread(reader->fd, data, size, (off_t)offset);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return error_set(error, ERROR_SYSTEM, errno, reader->name, "can't read it");
		if (!count)
			return gzip_reader_corrupt(reader, error, "it has become shorter");
		data += count;
		size -= (size_t)count;
		offset += (uint64_t)count;
	}
	return true;
}

bool gzip_reader_raw(struct gzip_reader *reader, unsigned char *data, size_t size,
		     struct error *error)
{
	uint64_t end = reader->has_tail ? reader->size - ARCHIVE_MARK_TAIL_SIZE : reader->size;
	uint64_t checked = reader->position < end ? end - reader->position : 0;

	if (!read_at(reader, reader->position, data, size, error))
		return false;
	if (checked > size)
		checked = size;
	reader->checksum = storage_checksum(reader->checksum, data, checked);
	reader->position += size;
	return true;
}

bool gzip_reader_refill(struct gzip_reader *reader, struct error *error)
{
	uint64_t left = reader->size - reader->position;
	size_t kept = reader->state.avail_in, size = GZIP_INPUT_SIZE - kept;

	memmove(reader->input, reader->state.next_in, kept);
	if (size > left)
		size = (size_t)left;
	if (!gzip_reader_raw(reader, reader->input + kept, size, error))
		return false;
	reader->state.next_in = reader->input;
	reader->state.avail_in = (uint32_t)(kept + size);
	return true;
}

static bool at_end(const struct gzip_reader *reader)
{
	return reader->position == reader->size && !reader->state.avail_in;
}

/* Zeros behind a member fill a block of a tape or of a disk: others skip them, too. */
static bool skip_padding(struct gzip_reader *reader, struct error *error)
{
	struct inflate_state *state = &reader->state;

	while (reader->origin != GZIP_OURS && !at_end(reader)) {
		if (!state->avail_in && !gzip_reader_refill(reader, error))
			return false;
		if (!state->avail_in || *state->next_in)
			return true;
		state->next_in++;
		state->avail_in--;
	}
	return true;
}

/* The header of a member, at the beginning of the input. Returns what isa-l says of it. */
static int read_header(struct gzip_reader *reader, char name[NAME_SIZE])
{
	struct isal_gzip_header header;

	isal_gzip_header_init(&header);
	header.name = name;
	header.name_buf_len = NAME_SIZE - 1;
	isal_inflate_reset(&reader->state);
	reader->state.crc_flag = ISAL_GZIP_NO_HDR_VER;
	return isal_read_gzip_header(&reader->state, &header);
}

/* The end of the header must be in the buffer: nobody has so long a name. */
static bool begin_member(struct gzip_reader *reader, struct error *error)
{
	char name[NAME_SIZE];

	if (reader->state.avail_in < EXTRA_MAX + 2 * NAME_SIZE &&
	    !gzip_reader_refill(reader, error))
		return false;
	if (read_header(reader, name) != ISAL_DECOMP_OK)
		return gzip_reader_corrupt(reader, error, "it has no sound gzip header");
	reader->in_member = true;
	return true;
}

static enum gzip_origin find_origin(struct gzip_reader *reader)
{
	unsigned char *start = reader->input;
	size_t length = reader->state.avail_in;
	char name[NAME_SIZE] = "";
	uint32_t member_size;
	int result;

	if (reader->has_tail ||
	    (length >= MARK_HEAD_SIZE && archive_mark_head_read(start, &member_size)))
		return GZIP_OURS;
	if (length < 2 || start[0] != 0x1f || start[1] != 0x8b)
		return GZIP_NONE;
	result = read_header(reader, name);
	reader->in_member = result == ISAL_DECOMP_OK;
	if (reader->in_member)
		return strncmp(name, SDK_NAME, strlen(SDK_NAME)) ? GZIP_FOREIGN : GZIP_SDK;
	reader->state.next_in = start;
	reader->state.avail_in = (uint32_t)length;
	return result == ISAL_END_INPUT && length == reader->size ? GZIP_CUT : GZIP_NONE;
}

struct gzip_reader *gzip_reader_new(int fd, uint64_t size, const char *name, struct error *error)
{
	struct gzip_reader *reader = calloc(1, sizeof(*reader));
	unsigned char text[ARCHIVE_MARK_TAIL_SIZE];

	if (!reader) {
		error_set(error, ERROR_SYSTEM, ENOMEM, name, "can't read it");
		return NULL;
	}
	isal_inflate_init(&reader->state);
	reader->fd = fd;
	reader->name = name;
	reader->size = size;
	reader->state.next_in = reader->input;
	if (size >= ARCHIVE_MARK_TAIL_SIZE) {
		if (!read_at(reader, size - ARCHIVE_MARK_TAIL_SIZE, text, ARCHIVE_MARK_TAIL_SIZE,
			     error)) {
			free(reader);
			return NULL;
		}
		reader->has_tail = archive_mark_tail_read(text, &reader->tail);
	}
	if (!gzip_reader_refill(reader, error)) {
		free(reader);
		return NULL;
	}
	reader->origin = find_origin(reader);
	return reader;
}

void gzip_reader_free(struct gzip_reader *reader)
{
	if (reader)
		lanes_free(reader->lanes);
	free(reader);
}

enum gzip_origin gzip_reader_origin(const struct gzip_reader *reader)
{
	return reader->origin;
}

uint64_t gzip_reader_position(const struct gzip_reader *reader)
{
	return reader->position;
}

static int64_t get_plain(struct gzip_reader *reader, unsigned char *data, size_t size,
			 struct error *error)
{
	size_t got = 0;

	while (got < size && !at_end(reader)) {
		size_t count = reader->state.avail_in;

		if (!count) {
			if (!gzip_reader_refill(reader, error))
				return -1;
			continue;
		}
		if (count > size - got)
			count = size - got;
		memcpy(data + got, reader->state.next_in, count);
		reader->state.next_in += count;
		reader->state.avail_in -= (uint32_t)count;
		got += count;
	}
	return (int64_t)got;
}

/* All input is used up. */
static bool check_end(struct gzip_reader *reader, struct error *error)
{
	if (reader->origin != GZIP_OURS)
		return true;
	if (!reader->has_tail || reader->tail.size != reader->size)
		return gzip_reader_corrupt(reader, error, "it was cut");
	return reader->tail.checksum == reader->checksum ||
	       gzip_reader_corrupt(reader, error, "its checksum is wrong");
}

/* Inflates until the output is full, or the member or its input ends. */
static bool inflate_some(struct gzip_reader *reader, struct error *error)
{
	struct inflate_state *state = &reader->state;
	int result;

	if (!state->avail_in && !gzip_reader_refill(reader, error))
		return false;
	result = isal_inflate(state);
	if (result == ISAL_INCORRECT_CHECKSUM)
		return gzip_reader_corrupt(reader, error, "a checksum of gzip is wrong");
	if (result < 0)
		return gzip_reader_corrupt(reader, error, "it can't be decompressed");
	reader->in_member = state->block_state != ISAL_BLOCK_FINISH;
	if (reader->in_member && at_end(reader) && state->avail_out)
		return gzip_reader_corrupt(reader, error, "it was cut");
	return true;
}

int64_t gzip_reader_get(struct gzip_reader *reader, void *data, size_t size, struct error *error)
{
	struct inflate_state *state = &reader->state;
	int64_t got;
	size_t before;

	if (reader->origin == GZIP_NONE)
		return get_plain(reader, data, size, error);
	got = gzip_members_get(reader, data, size, error);
	if (got < 0)
		return -1;
	state->next_out = (unsigned char *)data + got;
	for (before = size - (size_t)got; before;) {
		state->avail_out = (uint32_t)before;
		if (!reader->in_member && !skip_padding(reader, error))
			return -1;
		if (!reader->in_member && at_end(reader))
			return check_end(reader, error) ? (int64_t)(size - before) : -1;
		if (!reader->in_member) {
			unsigned char *next_out = state->next_out;

			if (!begin_member(reader, error))
				return -1;
			state->next_out = next_out;
			state->avail_out = (uint32_t)before;
		}
		if (!inflate_some(reader, error))
			return -1;
		before = state->avail_out;
	}
	return (int64_t)size;
}
