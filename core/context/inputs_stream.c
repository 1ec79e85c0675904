/* SPDX-License-Identifier: Apache-2.0 */
/* See inputs_stream.h. */
#include "context/inputs_stream.h"
#include "context/protobuf.h"

/* The head of a field as long as this: the length in as few bytes as it takes. */
static void keep_head(struct inputs_stream *stream, uint64_t length)
{
	unsigned char head[11] = { FIELD_CONTEXT << 3 | LENGTH };
	size_t size = 1;

	for (; length > 127; length >>= 7)
		head[size++] = (unsigned char)(length | 128);
	head[size++] = (unsigned char)length;
	stream->keep(stream->argument, head, size);
}

static enum inputs_pb_error open_group(struct inputs_stream *stream)
{
	if (stream->depth == INPUTS_PB_DEPTH)
		return INPUTS_PB_TOO_DEEP;
	stream->open[stream->depth++] = stream->field;
	return INPUTS_PB_OK;
}

static enum inputs_pb_error close_group(struct inputs_stream *stream)
{
	if (!stream->depth || stream->open[--stream->depth] != stream->field)
		return INPUTS_PB_BAD_GROUP;
	return INPUTS_PB_OK;
}

static enum inputs_pb_error take_tag(struct inputs_stream *stream, uint64_t tag)
{
	if (!(tag >> 3) || tag >> 3 > FIELD_NUMBER_MAX)
		return INPUTS_PB_BAD_FIELD;
	stream->field = (uint32_t)(tag >> 3);
	stream->keeps = false;
	switch (tag & 7) {
	case VARINT:
		stream->awaits = STREAM_NUMBER;
		return INPUTS_PB_OK;
	case LENGTH:
		stream->awaits = STREAM_SIZE;
		return INPUTS_PB_OK;
	case FIXED64:
		stream->left = 8;
		return INPUTS_PB_OK;
	case FIXED32:
		stream->left = 4;
		return INPUTS_PB_OK;
	case GROUP_START:
		return open_group(stream);
	case GROUP_END:
		return close_group(stream);
	default:
		return INPUTS_PB_BAD_TYPE;
	}
}

static enum inputs_pb_error take_number(struct inputs_stream *stream, uint64_t number)
{
	if (stream->awaits == STREAM_TAG)
		return take_tag(stream, number);
	if (stream->awaits == STREAM_SIZE) {
		stream->left = number;
		stream->keeps = stream->field == FIELD_CONTEXT && !stream->depth;
		if (stream->keeps)
			keep_head(stream, number);
	}
	stream->awaits = STREAM_TAG;
	return INPUTS_PB_OK;
}

/* One byte of a varint. */
static enum inputs_pb_error take_byte(struct inputs_stream *stream, unsigned char byte)
{
	uint64_t number;

	if (stream->shift == VARINT_LAST_SHIFT && byte > 1)
		return INPUTS_PB_BAD_VARINT;
	stream->number |= (uint64_t)(byte & 127) << stream->shift;
	stream->shift += 7;
	if (byte > 127)
		return INPUTS_PB_OK;
	number = stream->number;
	stream->number = 0;
	stream->shift = 0;
	return take_number(stream, number);
}

static size_t take_value(struct inputs_stream *stream, const char *data, size_t size)
{
	if (size > stream->left)
		size = (size_t)stream->left;
	if (stream->keeps)
		stream->keep(stream->argument, data, size);
	stream->left -= size;
	return size;
}

enum inputs_pb_error inputs_stream_take(struct inputs_stream *stream, const void *data, size_t size)
{
	const char *at = data, *end = at + size;

	while (at < end) {
		enum inputs_pb_error error;

		if (stream->left) {
			at += take_value(stream, at, (size_t)(end - at));
			continue;
		}
		error = take_byte(stream, (unsigned char)*at++);
		if (error != INPUTS_PB_OK)
			return error;
	}
	return INPUTS_PB_OK;
}

enum inputs_pb_error inputs_stream_end(const struct inputs_stream *stream)
{
	bool whole =
		!stream->left && !stream->shift && !stream->depth && stream->awaits == STREAM_TAG;

	return whole ? INPUTS_PB_OK : INPUTS_PB_TRUNCATED;
}
