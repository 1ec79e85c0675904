/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire_fields - the words of the wire format, shared by its reader and its writer: tags, and
 * which characters stand for themselves.
 */
#ifndef FLYTECTX_WIRE_FIELDS_H
#define FLYTECTX_WIRE_FIELDS_H

#include "context/wire.h"

/* A tag is one to three lower-case letters or digits, a letter first. */
#define WIRE_TAG_MAX 3

/* Arrays, not pointers: the preload would have to relocate those in every process. */
struct wire_string {
	char tag[WIRE_TAG_MAX + 1];
	uint16_t offset; /* of the member, in struct context */
};

static const struct wire_string wire_strings[] = {
#define FIELD(tag, name, member) { tag, offsetof(struct context, task.member) },
#include "context/fields.def"
#undef FIELD
	/* Not of the task. */
	{ "xr", offsetof(struct context, raw_data.path) },
	{ "xo", offsetof(struct context, raw_data.path_rewrite.old_prefix) },
	{ "xn", offsetof(struct context, raw_data.path_rewrite.new_prefix) },
};

#define WIRE_STRINGS (sizeof(wire_strings) / sizeof(*wire_strings))

/* How many of them are the task's; the first is its action's name. */
#define WIRE_TASK_STRINGS (WIRE_STRINGS - 3)

/* The other fields. */
#define WIRE_TAG_MODE     "m"
#define WIRE_TAG_START    "s"
#define WIRE_TAG_FLAGS    "f"
#define WIRE_TAG_ATTEMPT  "a"
#define WIRE_TAG_PAIR     "kv"
#define WIRE_TAG_METADATA "md"

/* Between the key and the value of a pair: no escape looks like it. */
#define WIRE_PAIR_MARK "~-"

/* The letters of enum flyte_mode, in its order. */
#define WIRE_MODES " lrh"

/* Letters, digits, '-' and '_' stand for themselves; all else is '~' and two hex digits. */
static inline bool wire_is_literal(unsigned char c)
{
	static const bool literals[256] = {
#define ROW(c)     [(c)] = 1, [(c) + 1] = 1, [(c) + 2] = 1, [(c) + 3] = 1, [(c) + 4] = 1
#define LETTERS(c) ROW(c), ROW((c) + 5), ROW((c) + 10), ROW((c) + 15), ROW((c) + 20), [(c) + 25] = 1
		LETTERS('a'), LETTERS('A'), ROW('0'), ROW('5'), ['-'] = 1, ['_'] = 1
#undef LETTERS
#undef ROW
	};

	return literals[c];
}

/* One field of a carrier. A field of a newer version has kind WIRE_UNKNOWN. */
enum wire_kind {
	WIRE_STRING,
	WIRE_MODE,
	WIRE_START,
	WIRE_FLAGS,
	WIRE_ATTEMPT,
	WIRE_PAIR,
	WIRE_METADATA,
	WIRE_UNKNOWN
};

struct wire_field {
	enum wire_kind kind;
	size_t string; /* which one, for WIRE_STRING */
	struct text_span whole, value;
};

/* Reads "1.LENGTH."; returns the body, or NULL with the error. */
const char *wire_read_header(const char *text, size_t *body_length, enum wire_error *error);

/* Splits off the field at `*at`, and moves on; the dot that ends it must be known to be there. */
enum wire_error wire_next_field(const char **at, struct wire_field *field);

/*
 * The character that the escape at `p` stands for, or -1. `p` is inside a span that a dot ends,
 * so what is looked at is there. NUL and what needs no escape are refused: one text a context.
 */
int wire_unescape(const char *p);

/* Splits the value of a pair at its mark; false where there is none, or no key. */
bool wire_split_pair(struct text_span value, struct text_span *key, struct text_span *rest);

/* FLYTE_MODE_UNSET for what is no mode. */
enum flyte_mode wire_mode(struct text_span value);

#endif
