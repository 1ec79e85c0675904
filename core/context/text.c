/* SPDX-License-Identifier: Apache-2.0 */
/* See text.h. */
#include "context/text.h"

/*
 * Carriers are some hundred characters long and compared at every exec, so whole words are read:
 * aligned ones, which never cross into a page that may not be there. Sanitizers can't know that.
 */
#define WHOLE_WORDS __attribute__((no_sanitize("address")))

static WHOLE_WORDS uint64_t word_at(const char *text)
{
	uint64_t word;

	__builtin_memcpy(&word, text, sizeof(word));
	return word;
}

static bool is_aligned(const char *text)
{
	return (uintptr_t)text % sizeof(uint64_t) == 0;
}

static bool has_nul(uint64_t word)
{
	return (word - 0x0101010101010101U) & ~word & 0x8080808080808080U;
}

EVERY_START WHOLE_WORDS size_t text_length(const char *text)
{
	const char *end = text;

	while (!is_aligned(end))
		if (!*end++)
			return (size_t)(end - 1 - text);
	while (!has_nul(word_at(end)))
		end += sizeof(uint64_t);
	while (*end)
		end++;
	return (size_t)(end - text);
}

/* Words of `a` are aligned; of `b` there is as much as its length says. */
static WHOLE_WORDS bool same(const char *a, const char *b, size_t length)
{
	size_t i = 0;

	while (i < length && !is_aligned(a + i)) {
		if (a[i] != b[i])
			return false;
		i++;
	}
	while (i + sizeof(uint64_t) <= length && word_at(a + i) == word_at(b + i))
		i += sizeof(uint64_t);
	while (i < length && a[i] == b[i])
		i++;
	return i == length;
}

EVERY_START bool text_equal(const char *a, const char *b)
{
	return *a == *b && same(a, b, text_length(b) + 1);
}

bool text_is(struct text_span span, const char *text)
{
	for (size_t i = 0; i < span.length; i++)
		if (!text[i] || text[i] != span.start[i])
			return false;
	return !text[span.length];
}

EVERY_START char *text_copy(char *to, const char *from, size_t length)
{
	if (length) /* of nothing, the place may be NULL */
		__builtin_memcpy(to, from,
				 length); /* the preload brings its own, see shim/builtins.c */
	return to + length;
}

EVERY_START const char *text_after(const char *text, const char *prefix)
{
	while (*prefix)
		if (*text++ != *prefix++)
			return NULL;
	return text;
}

void text_put(struct text_output *out, const char *text)
{
	for (; *text; text++, out->length++)
		if (out->length + 1 < out->size)
			out->to[out->length] = *text;
}

size_t text_finish(struct text_output *out)
{
	if (out->size)
		out->to[out->length < out->size ? out->length : out->size - 1] = '\0';
	return out->length;
}

EVERY_START bool text_to_int64(struct text_span span, int64_t *value)
{
	bool negative = span.length && *span.start == '-';
	size_t first = negative;
	int64_t sum = 0;

	if (span.length == first || span.length - first > TEXT_INT64_MAX)
		return false;
	if (span.start[first] == '0' && (negative || span.length > 1))
		return false;
	/* Summed up as a negative number: that range is the larger one. */
	for (size_t i = first; i < span.length; i++) {
		int digit = span.start[i] - '0';

		if (digit < 0 || digit > 9 || sum < (INT64_MIN + digit) / 10)
			return false;
		sum = sum * 10 - digit;
	}
	if (!negative && sum == INT64_MIN)
		return false;
	*value = negative ? sum : -sum;
	return true;
}

size_t text_from_uint64(char *to, uint64_t value)
{
	char digits[TEXT_INT64_MAX];
	size_t count = 0, length = 0;

	do
		digits[count++] = (char)('0' + value % 10);
	while (value /= 10);
	while (count)
		to[length++] = digits[--count];
	return length;
}

size_t text_from_int64(char *to, int64_t value)
{
	if (value >= 0)
		return text_from_uint64(to, (uint64_t)value);
	*to = '-';
	return 1 + text_from_uint64(to + 1, -(uint64_t)value);
}
