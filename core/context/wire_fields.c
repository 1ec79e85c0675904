/* SPDX-License-Identifier: Apache-2.0 */
/* See wire_fields.h. */
#include "context/wire_fields.h"

static void recognise(struct wire_field *field, struct text_span tag)
{
	static const struct {
		char tag[WIRE_TAG_MAX + 1];
		unsigned char kind;
	} others[] = {
		{ WIRE_TAG_MODE, WIRE_MODE },   { WIRE_TAG_START, WIRE_START },
		{ WIRE_TAG_FLAGS, WIRE_FLAGS }, { WIRE_TAG_ATTEMPT, WIRE_ATTEMPT },
		{ WIRE_TAG_PAIR, WIRE_PAIR },   { WIRE_TAG_METADATA, WIRE_METADATA },
	};

	field->kind = WIRE_UNKNOWN;
	for (size_t i = 0; i < WIRE_STRINGS; i++)
		if (*tag.start == *wire_strings[i].tag && text_is(tag, wire_strings[i].tag)) {
			field->kind = WIRE_STRING;
			field->string = i;
			return;
		}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (text_is(tag, others[i].tag))
			field->kind = others[i].kind;
}

enum wire_error wire_next_field(const char **at, struct wire_field *field)
{
	const char *start = *at, *p = start;

	while ((*p >= 'a' && *p <= 'z') || (p > start && *p >= '0' && *p <= '9'))
		p++;
	if (p == start || p - start > WIRE_TAG_MAX || *p != '-')
		return WIRE_BAD_FIELD;
	recognise(field, (struct text_span) { start, (size_t)(p - start) });
	field->value.start = ++p;
	/* Most of the time that reading takes is this loop. */
	while (wire_is_literal((unsigned char)*p) || *p == '~')
		p++;
	if (*p != '.')
		return WIRE_BAD_CHARACTER;
	field->value.length = (size_t)(p - field->value.start);
	*at = p + 1;
	field->whole = (struct text_span) { start, (size_t)(*at - start) };
	return WIRE_OK;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int wire_unescape(const char *p)
{
	int high = hex_digit(p[1]), low = high < 0 ? -1 : hex_digit(p[2]);
	int c = low < 0 ? -1 : high * 16 + low;

	return c <= 0 || wire_is_literal((unsigned char)c) ? -1 : c;
}

bool wire_split_pair(struct text_span value, struct text_span *key, struct text_span *rest)
{
	for (size_t i = 0; i + 1 < value.length; i++)
		if (value.start[i] == '~' && value.start[i + 1] == '-') {
			*key = (struct text_span) { value.start, i };
			*rest = (struct text_span) { value.start + i + 2, value.length - i - 2 };
			return i > 0;
		}
	return false;
}

enum flyte_mode wire_mode(struct text_span value)
{
	for (int mode = FLYTE_MODE_LOCAL; mode <= FLYTE_MODE_HYBRID; mode++)
		if (value.length == 1 && *value.start == WIRE_MODES[mode])
			return (enum flyte_mode)mode;
	return FLYTE_MODE_UNSET;
}

static bool has_version(const char *text)
{
	const char *p = text;

	while (*p >= '0' && *p <= '9')
		p++;
	return p > text && *p == '.';
}

EVERY_START const char *wire_read_header(const char *text, size_t *body_length,
					 enum wire_error *error)
{
	const char *body = text_after(text, "1.");
	struct text_span number = { body, 0 };
	int64_t value;

	*error = has_version(text) ? WIRE_NEWER : WIRE_NOT_OURS;
	if (!body)
		return NULL;
	*error = WIRE_BAD_LENGTH;
	while (body[number.length] >= '0' && body[number.length] <= '9')
		number.length++;
	if (body[number.length] != '.' || !text_to_int64(number, &value))
		return NULL;
	*body_length = (size_t)value;
	return body + number.length + 1;
}
