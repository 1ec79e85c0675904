/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text - the few string and number helpers that a freestanding module needs.
 *
 * Pure, no libc, async-signal-safe. Not for hosted code: the command has libc and libbsd.
 */
#ifndef FLYTECTX_TEXT_H
#define FLYTECTX_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What every process runs at its start lies together in the file: reading it from six pages took
 * 1 us of each exec more.
 */
#define EVERY_START __attribute__((hot))

/* A stretch of characters that somebody else owns; not NUL-terminated. */
struct text_span {
	const char *start;
	size_t length;
};

size_t text_length(const char *text);
bool text_equal(const char *a, const char *b);
bool text_is(struct text_span span, const char *text);

/* Copies `length` bytes; the regions don't overlap. Returns the end of what was written. */
char *text_copy(char *to, const char *from, size_t length);

/* The text behind `prefix`, or NULL where `text` does not start with it. */
const char *text_after(const char *text, const char *prefix);

/*
 * A text being written where there may be too little room: what fits is written, `length` is that
 * of all. text_finish() puts the NUL and returns the length.
 */
struct text_output {
	char *to;
	size_t size;
	size_t length;
};

void text_put(struct text_output *out, const char *text);
size_t text_finish(struct text_output *out);

/*
 * Decimal, as the one way of writing each number: no sign but '-', no leading zero, no blanks.
 * Returns false for anything else and for what does not fit.
 */
bool text_to_int64(struct text_span span, int64_t *value);

/* Writes the decimal digits of `value`, no NUL. Returns their number, at most TEXT_INT64_MAX. */
#define TEXT_INT64_MAX 20
size_t text_from_int64(char *to, int64_t value);
size_t text_from_uint64(char *to, uint64_t value);

#endif
