/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire - a context as text, and back: the value of FLYTE_CTX (SPEC 3.14, docs/wire-format.md).
 *
 * Reading is strict and in two steps: wire_check() looks at every character and says how much
 * memory the context takes, wire_decode() then can't fail. Writing too: wire_length(), then
 * wire_encode(). Pure; memory is the caller's.
 */
#ifndef FLYTECTX_WIRE_H
#define FLYTECTX_WIRE_H

#include "context/context.h"

#define WIRE_NAME   "FLYTE_CTX"
#define WIRE_PREFIX "FLYTE_CTX="

/* The longest carrier, in bytes without the name; the kernel takes 128 KiB a variable. */
#define WIRE_MAX ((size_t)96 * 1024)

enum wire_error {
	WIRE_OK,
	WIRE_TOO_LONG,
	WIRE_NOT_OURS,
	WIRE_NEWER,
	WIRE_BAD_LENGTH,
	WIRE_BAD_CHARACTER,
	WIRE_BAD_FIELD,
	WIRE_BAD_ESCAPE,
	WIRE_BAD_VALUE,
	WIRE_REPEATED,
	WIRE_NO_ACTION,
	WIRE_ERRORS,
};

/* What is wrong, for a message: "its length is not what it says (truncated?)". */
const char *wire_error_text(enum wire_error error);

struct wire_size {
	size_t length;   /* of the text */
	size_t pairs;    /* of the custom context, at most so many */
	size_t metadata; /* pairs of it */
	size_t memory;   /* bytes that wire_decode() needs, aligned as a pointer */
};

/* Could a text of this length, with this start, be a context? Looks at a few characters only. */
enum wire_error wire_check_header(const char *text, size_t length);

/* Is `text` a context? `size` is filled where it is. */
enum wire_error wire_check(const char *text, struct wire_size *size);

/*
 * Decodes a text that wire_check() accepted into `memory`; `context` points into it and needs
 * the text no longer.
 */
void wire_decode(const char *text, const struct wire_size *size, void *memory,
		 struct context *context);

/* The length of what stands behind the header in the carrier of `context`. */
size_t wire_body_length(const struct context *context);

/* What a pair of the custom context adds to that. */
size_t wire_pair_length(const struct flyte_pair *pair);

/* The length of a carrier with such a body, without NUL. */
size_t wire_length_of(size_t body_length);

/* The same of `context`. */
size_t wire_length(const struct context *context);

/* Writes the carrier and a NUL; `length` is what wire_length() said. */
void wire_encode(const struct context *context, size_t length, char *to);

#endif
