/* SPDX-License-Identifier: Apache-2.0 */
/* See error_document.h. */
#include "checkpoint/outcome/error_document.h"

#include <stdint.h>
#include <string.h>

enum { DOCUMENT_ERROR = 1 };
enum { ERROR_CODE = 1, ERROR_MESSAGE, ERROR_KIND, ERROR_ORIGIN };
enum { ORIGIN_USER = 1 };
enum { VARINT, FIXED64, LENGTH, FIXED32 = 5 };

/* --- what may be written --- */

const char *error_code_check(const char *code)
{
	size_t length = strlen(code);

	if (!length)
		return "it is empty";
	if (length > ERROR_CODE_MAX)
		return "it has more than 128 bytes";
	for (; *code; code++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-",
			    *code))
			return "a code is a word of letters, digits and _ . : -";
	return NULL;
}

/* The length of the character at `text`; 0 where it is no UTF-8. */
static size_t character(const unsigned char *text)
{
	static const struct {
		unsigned char mask, lead;
		uint32_t least;
	} kinds[] = {
		{ 0x80, 0, 0 }, { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 }, { 0xf8, 0xf0, 0x10000 }
	};

	for (size_t more = 0; more < 4; more++) {
		uint32_t code = *text & (unsigned char)~kinds[more].mask;
		size_t i = 1;

		if ((*text & kinds[more].mask) != kinds[more].lead)
			continue;
		for (; i <= more && (text[i] & 0xc0) == 0x80; i++)
			code = code << 6 | (text[i] & 0x3f);
		return i > more && code >= kinds[more].least && code <= 0x10ffff &&
				       (code < 0xd800 || code > 0xdfff)
			       ? more + 1
			       : 0;
	}
	return 0;
}

const char *error_message_check(const char *message)
{
	const unsigned char *at = (const unsigned char *)message;

	if (strlen(message) > ERROR_MESSAGE_MAX)
		return "it has more than 65,536 bytes";
	while (*at) {
		size_t length = character(at);

		if (!length)
			return "it is not UTF-8";
		at += length;
	}
	return NULL;
}

/* --- writing --- */

static size_t varint_length(uint64_t value)
{
	size_t length = 1;

	for (; value > 0x7f; value >>= 7)
		length++;
	return length;
}

static void put_varint(struct buffer *to, uint64_t value)
{
	unsigned char byte;

	for (; value > 0x7f; value >>= 7) {
		byte = (unsigned char)(value | 0x80);
		buffer_append(to, &byte, 1);
	}
	byte = (unsigned char)value;
	buffer_append(to, &byte, 1);
}

static void put_text(struct buffer *to, unsigned field, const char *text)
{
	put_varint(to, field << 3 | LENGTH);
	put_varint(to, strlen(text));
	buffer_append(to, text, strlen(text));
}

static size_t text_field_length(const char *text)
{
	return 1 + varint_length(strlen(text)) + strlen(text);
}

static void put_number(struct buffer *to, unsigned field, uint64_t value)
{
	put_varint(to, field << 3 | VARINT);
	put_varint(to, value);
}

void error_document_write(struct buffer *document, const char *code, const char *message,
			  enum error_kind kind)
{
	size_t length = text_field_length(code) + text_field_length(message) + 4;

	put_varint(document, DOCUMENT_ERROR << 3 | LENGTH);
	put_varint(document, length);
	put_text(document, ERROR_CODE, code);
	put_text(document, ERROR_MESSAGE, message);
	put_number(document, ERROR_KIND, kind);
	put_number(document, ERROR_ORIGIN, ORIGIN_USER);
}

/* --- reading --- */

struct reader {
	const unsigned char *at, *end;
};

static bool read_varint(struct reader *reader, uint64_t *value)
{
	*value = 0;
	for (unsigned shift = 0; shift < 64 && reader->at < reader->end; shift += 7) {
		unsigned char byte = *reader->at++;

		*value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

/* One field: its number, and its value or what it holds. */
static bool read_field(struct reader *reader, uint64_t *field, uint64_t *value,
		       struct reader *inside)
{
	uint64_t tag, size = 0;

	if (!read_varint(reader, &tag))
		return false;
	*field = tag >> 3;
	*value = 0;
	*inside = (struct reader) { NULL, NULL };
	switch (tag & 7) {
	case VARINT:
		return read_varint(reader, value);
	case FIXED64:
		size = 8;
		break;
	case FIXED32:
		size = 4;
		break;
	case LENGTH:
		if (read_varint(reader, &size))
			break;
		return false;
	default:
		return false;
	}
	if (size > (uint64_t)(reader->end - reader->at))
		return false;
	*inside = (struct reader) { reader->at, reader->at + size };
	reader->at += size;
	return true;
}

bool error_document_kind(const void *document, size_t size, enum error_kind *kind)
{
	struct reader reader = { document, (const unsigned char *)document + size }, error, none;
	bool has_error = false;
	uint64_t field, value;

	*kind = ERROR_NON_RECOVERABLE; /* the default of the definition */
	while (reader.at < reader.end) {
		if (!read_field(&reader, &field, &value, &error))
			return false;
		if (field != DOCUMENT_ERROR || !error.at)
			continue;
		has_error = true;
		while (error.at < error.end) {
			if (!read_field(&error, &field, &value, &none))
				return false;
			if (field == ERROR_KIND)
				*kind = value ? ERROR_RECOVERABLE : ERROR_NON_RECOVERABLE;
		}
	}
	return has_error;
}
