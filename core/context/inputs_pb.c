/* SPDX-License-Identifier: Apache-2.0 */
/* See inputs_pb.h. */
#include "context/inputs_pb.h"
#include "context/protobuf.h"

/* The fields of a KeyValuePair. */
#define FIELD_KEY   1
#define FIELD_VALUE 2

struct reader {
	const char *at, *end;
};

struct field {
	uint32_t number;
	unsigned type;
	struct text_span value; /* of a field of type LENGTH */
};

const char *inputs_pb_error_text(enum inputs_pb_error error)
{
	/* Arrays, not pointers: they need no relocation. */
	static const char texts[INPUTS_PB_ERRORS][64] = {
		[INPUTS_PB_OK] = "nothing is wrong",
		[INPUTS_PB_TRUNCATED] = "it ends in the middle of a field (truncated?)",
		[INPUTS_PB_BAD_VARINT] = "a number in it is longer than 64 bits",
		[INPUTS_PB_BAD_FIELD] = "a field has a number that no field can have",
		[INPUTS_PB_BAD_TYPE] = "a field has a wire type that does not exist",
		[INPUTS_PB_BAD_GROUP] = "a group ends that is not open",
		[INPUTS_PB_TOO_DEEP] = "groups are nested too deep",
		[INPUTS_PB_EMPTY_KEY] = "a key of its context is empty",
		[INPUTS_PB_HAS_NUL] = "a key or value of its context has a NUL byte in it",
		[INPUTS_PB_TOO_MANY] = "its context has too many pairs",
	};

	return texts[error < INPUTS_PB_ERRORS ? error : INPUTS_PB_OK];
}

/* Longer than need be is allowed, as protobuf's own readers do; what overflows is not. */
static enum inputs_pb_error read_varint(struct reader *reader, uint64_t *value)
{
	*value = 0;
	for (unsigned shift = 0; shift <= VARINT_LAST_SHIFT; shift += 7) {
		unsigned char byte;

		if (reader->at == reader->end)
			return INPUTS_PB_TRUNCATED;
		byte = (unsigned char)*reader->at++;
		if (shift == VARINT_LAST_SHIFT && byte > 1)
			return INPUTS_PB_BAD_VARINT;
		*value |= (uint64_t)(byte & 127) << shift;
		if (byte < 128)
			return INPUTS_PB_OK;
	}
	return INPUTS_PB_BAD_VARINT;
}

static enum inputs_pb_error read_tag(struct reader *reader, struct field *field)
{
	uint64_t tag;
	enum inputs_pb_error error = read_varint(reader, &tag);

	if (error != INPUTS_PB_OK)
		return error;
	if (!(tag >> 3) || tag >> 3 > FIELD_NUMBER_MAX)
		return INPUTS_PB_BAD_FIELD;
	field->number = (uint32_t)(tag >> 3);
	field->type = tag & 7;
	return field->type <= FIXED32 ? INPUTS_PB_OK : INPUTS_PB_BAD_TYPE;
}

static enum inputs_pb_error take(struct reader *reader, uint64_t length, struct text_span *value)
{
	if (length > (uint64_t)(reader->end - reader->at))
		return INPUTS_PB_TRUNCATED;
	*value = (struct text_span) { reader->at, (size_t)length };
	reader->at += length;
	return INPUTS_PB_OK;
}

/* The value of a field that is no group. */
static enum inputs_pb_error read_value(struct reader *reader, struct field *field)
{
	enum inputs_pb_error error;
	uint64_t number;

	if (field->type == FIXED64)
		return take(reader, 8, &field->value);
	if (field->type == FIXED32)
		return take(reader, 4, &field->value);
	error = read_varint(reader, &number);
	if (error != INPUTS_PB_OK || field->type == VARINT)
		return error;
	return take(reader, number, &field->value);
}

/* Skips to the end of the group `number`, whose start was read, with the groups in it. */
static enum inputs_pb_error skip_group(struct reader *reader, uint32_t number)
{
	uint32_t open[INPUTS_PB_DEPTH];
	size_t depth = 0;

	open[depth++] = number;
	while (depth) {
		struct field field = { 0 };
		enum inputs_pb_error error = read_tag(reader, &field);

		if (error == INPUTS_PB_OK && field.type == GROUP_START) {
			if (depth == INPUTS_PB_DEPTH)
				return INPUTS_PB_TOO_DEEP;
			open[depth++] = field.number;
		} else if (error == INPUTS_PB_OK && field.type == GROUP_END) {
			if (open[--depth] != field.number)
				return INPUTS_PB_BAD_GROUP;
		} else if (error == INPUTS_PB_OK) {
			error = read_value(reader, &field);
		}
		if (error != INPUTS_PB_OK)
			return error;
	}
	return INPUTS_PB_OK;
}

static enum inputs_pb_error read_field(struct reader *reader, struct field *field)
{
	enum inputs_pb_error error;

	*field = (struct field) { 0 };
	error = read_tag(reader, field);
	if (error != INPUTS_PB_OK)
		return error;
	if (field->type == GROUP_END)
		return INPUTS_PB_BAD_GROUP;
	if (field->type == GROUP_START)
		return skip_group(reader, field->number);
	return read_value(reader, field);
}

/* A field of the right number but another type is an unknown one, as protobuf has it. */
static bool is_field(const struct field *field, uint32_t number)
{
	return field->number == number && field->type == LENGTH;
}

/* A KeyValuePair; what is missing is "", and of what is there twice the last counts. */
static enum inputs_pb_error read_pair(struct text_span message, struct text_span *key,
				      struct text_span *value)
{
	struct reader reader = { message.start, message.start + message.length };

	*key = *value = (struct text_span) { message.start, 0 };
	while (reader.at < reader.end) {
		struct field field;
		enum inputs_pb_error error = read_field(&reader, &field);

		if (error != INPUTS_PB_OK)
			return error;
		if (is_field(&field, FIELD_KEY))
			*key = field.value;
		else if (is_field(&field, FIELD_VALUE))
			*value = field.value;
	}
	return INPUTS_PB_OK;
}

static bool has_nul(struct text_span span)
{
	for (size_t i = 0; i < span.length; i++)
		if (!span.start[i])
			return true;
	return false;
}

static enum inputs_pb_error check_pair(struct text_span message, size_t *memory)
{
	struct text_span key, value;
	enum inputs_pb_error error = read_pair(message, &key, &value);

	if (error != INPUTS_PB_OK)
		return error;
	if (!key.length)
		return INPUTS_PB_EMPTY_KEY;
	if (has_nul(key) || has_nul(value))
		return INPUTS_PB_HAS_NUL;
	*memory += key.length + value.length + 2;
	return INPUTS_PB_OK;
}

enum inputs_pb_error inputs_pb_check(const void *data, size_t length, struct inputs_pb_size *size)
{
	struct reader reader = { data, length ? (const char *)data + length : data };

	*size = (struct inputs_pb_size) { .length = length };
	while (reader.at < reader.end) {
		struct field field;
		enum inputs_pb_error error = read_field(&reader, &field);

		if (error == INPUTS_PB_OK && is_field(&field, FIELD_CONTEXT)) {
			error = check_pair(field.value, &size->memory);
			if (error == INPUTS_PB_OK && size->pairs++ == CONTEXT_PAIRS_MAX)
				error = INPUTS_PB_TOO_MANY;
		}
		if (error != INPUTS_PB_OK)
			return error;
	}
	size->memory += size->pairs * sizeof(struct flyte_pair) + context_index_size(size->pairs);
	return INPUTS_PB_OK;
}

static char *copy_string(struct text_span span, char *to)
{
	to = text_copy(to, span.start, span.length);
	*to++ = '\0';
	return to;
}

void inputs_pb_decode(const void *data, const struct inputs_pb_size *size, void *memory,
		      struct context_pairs *pairs)
{
	struct reader reader = { data, size->length ? (const char *)data + size->length : data };
	struct flyte_pair *items = memory;
	char *index = (char *)memory + size->pairs * sizeof(*items);
	char *to = index + context_index_size(size->pairs);

	context_pairs_begin(pairs, items, index, size->pairs);
	while (reader.at < reader.end) {
		struct text_span key, value;
		struct flyte_pair pair;
		struct field field;

		read_field(&reader, &field);
		if (!is_field(&field, FIELD_CONTEXT))
			continue;
		read_pair(field.value, &key, &value);
		pair.key = to;
		to = copy_string(key, to);
		pair.value = to;
		to = copy_string(value, to);
		context_pairs_put(pairs, pair);
	}
}
