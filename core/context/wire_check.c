/* SPDX-License-Identifier: Apache-2.0 */
/* The first half of reading: is this text a context, and how large? See wire.h. */
#include "context/wire_fields.h"

const char *wire_error_text(enum wire_error error)
{
	static const char texts[WIRE_ERRORS][56] = {
		[WIRE_OK] = "nothing is wrong",
		[WIRE_TOO_LONG] = "it is longer than 96 KiB",
		[WIRE_NOT_OURS] = "it does not start with a version",
		[WIRE_NEWER] = "it has a version that this build can't read",
		[WIRE_BAD_LENGTH] = "its length is not what it says (truncated?)",
		[WIRE_BAD_CHARACTER] = "it has a character that no carrier has",
		[WIRE_BAD_FIELD] = "a field has no tag or no value",
		[WIRE_BAD_ESCAPE] = "an escape is not ~ and two hex digits, or not needed",
		[WIRE_BAD_VALUE] = "the value of a field is not one that it can have",
		[WIRE_REPEATED] = "a field stands there twice",
		[WIRE_NO_ACTION] = "it has no action name",
	};

	return texts[error < WIRE_ERRORS ? error : WIRE_OK];
}

static bool escapes_are_right(struct text_span value)
{
	for (size_t i = 0; i < value.length; i++)
		if (value.start[i] == '~' && wire_unescape(value.start + i) < 0)
			return false;
	return true;
}

/* Flags come in alphabetical order, each once. */
static bool flags_are_right(struct text_span value)
{
	for (size_t i = 0; i < value.length; i++) {
		char c = value.start[i];

		if ((c != 'd' && c != 'i' && c != 't') || (i && c <= value.start[i - 1]))
			return false;
	}
	return value.length > 0;
}

static enum wire_error check_value(const struct wire_field *field)
{
	struct text_span key, rest;
	int64_t number;

	switch (field->kind) {
	case WIRE_MODE:
		return wire_mode(field->value) ? WIRE_OK : WIRE_BAD_VALUE;
	case WIRE_START:
		return text_to_int64(field->value, &number) && number ? WIRE_OK : WIRE_BAD_VALUE;
	case WIRE_FLAGS:
		return flags_are_right(field->value) ? WIRE_OK : WIRE_BAD_VALUE;
	case WIRE_PAIR:
	case WIRE_METADATA:
		if (!wire_split_pair(field->value, &key, &rest))
			return WIRE_BAD_VALUE;
		return escapes_are_right(key) && escapes_are_right(rest) ? WIRE_OK
									 : WIRE_BAD_ESCAPE;
	case WIRE_STRING:
	case WIRE_ATTEMPT:
		return escapes_are_right(field->value) ? WIRE_OK : WIRE_BAD_ESCAPE;
	case WIRE_UNKNOWN:
	default:
		return WIRE_OK;
	}
}

static uint32_t bit_of(const struct wire_field *field)
{
	return (uint32_t)1 << (field->kind == WIRE_STRING ? field->string
							  : WIRE_STRINGS + field->kind);
}

_Static_assert(WIRE_STRINGS + WIRE_UNKNOWN < 32, "a bit for each field");
_Static_assert(WIRE_MAX / 6 < CONTEXT_PAIRS_MAX, "the index reaches every pair of a carrier");

/* Notes that the field was there; false where it was before and must not be again. */
static bool note(const struct wire_field *field, uint32_t *seen)
{
	bool first = !(*seen & bit_of(field));

	*seen |= bit_of(field);
	return first || field->kind >= WIRE_PAIR;
}

/*
 * A task has a name; outside a task there may be raw data and metadata, and nothing of a task.
 */
static bool is_complete(uint32_t seen)
{
	const uint32_t name = 1, strings = ((uint32_t)1 << WIRE_STRINGS) - 1;
	const uint32_t task = ((uint32_t)1 << WIRE_TASK_STRINGS) - 1;
	const uint32_t metadata = (uint32_t)1 << (WIRE_STRINGS + WIRE_METADATA);
	const uint32_t unknown = (uint32_t)1 << (WIRE_STRINGS + WIRE_UNKNOWN);
	const uint32_t outside = (strings & ~task) | metadata;
	const uint32_t path = (uint32_t)1 << WIRE_TASK_STRINGS;

	if (seen & name)
		return true;
	return seen & (path | metadata) && !(seen & ~(outside | unknown));
}

static enum wire_error check_body(const char *body, const char *end, struct wire_size *size)
{
	uint32_t seen = 0;
	struct wire_field field;

	size->pairs = size->metadata = 0;
	while (body < end) {
		enum wire_error error = wire_next_field(&body, &field);

		if (error == WIRE_OK)
			error = check_value(&field);
		if (error == WIRE_OK && !note(&field, &seen))
			error = WIRE_REPEATED;
		if (error != WIRE_OK)
			return error;
		size->pairs += field.kind == WIRE_PAIR;
		size->metadata += field.kind == WIRE_METADATA;
		if (field.kind == WIRE_STRING && field.string == 0 && field.value.length == 0)
			return WIRE_NO_ACTION;
	}
	return is_complete(seen) ? WIRE_OK : WIRE_NO_ACTION;
}

/* The body, or NULL with the error. */
static const char *find_body(const char *text, size_t length, enum wire_error *error)
{
	const char *body;
	size_t body_length;

	*error = WIRE_TOO_LONG;
	if (length > WIRE_MAX)
		return NULL;
	body = wire_read_header(text, &body_length, error);
	if (!body)
		return NULL;
	*error = WIRE_BAD_LENGTH;
	if (body_length != length - (size_t)(body - text))
		return NULL;
	*error = body_length && body[body_length - 1] != '.' ? WIRE_BAD_FIELD : WIRE_OK;
	return *error == WIRE_OK ? body : NULL;
}

EVERY_START enum wire_error wire_check_header(const char *text, size_t length)
{
	enum wire_error error;

	find_body(text, length, &error);
	return error;
}

enum wire_error wire_check(const char *text, struct wire_size *size)
{
	size_t length = text_length(text);
	enum wire_error error;
	const char *body = find_body(text, length, &error);

	if (!body)
		return error;
	error = check_body(body, text + length, size);
	/* A decoded string with its NUL is never longer than the field that it came from. */
	size->length = length;
	size->memory = (size->pairs + size->metadata) * sizeof(struct flyte_pair) +
		       context_index_size(size->pairs) + length;
	return error;
}
