/* SPDX-License-Identifier: Apache-2.0 */
/* See text.h. */
#include "text.h"

size_t text_length(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	return length;
}

bool text_equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

bool text_is(struct text_span span, const char *text)
{
	for (size_t i = 0; i < span.length; i++)
		if (!text[i] || text[i] != span.start[i])
			return false;
	return !text[span.length];
}

char *text_copy(char *to, const char *from, size_t length)
{
	for (size_t i = 0; i < length; i++)
		to[i] = from[i];
	return to + length;
}

const char *text_after(const char *text, const char *prefix)
{
	while (*prefix)
		if (*text++ != *prefix++)
			return NULL;
	return text;
}

bool text_to_int64(struct text_span span, int64_t *value)
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

size_t text_from_int64(char *to, int64_t value)
{
	char digits[TEXT_INT64_MAX];
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	size_t count = 0, length = 0;

	do
		digits[count++] = (char)('0' + rest % 10);
	while (rest /= 10);
	if (value < 0)
		to[length++] = '-';
	while (count)
		to[length++] = digits[--count];
	return length;
}
