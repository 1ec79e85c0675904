/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/text: comparing, copying, and the one way in which each number is written.
 * Spans are given in memory of exactly their length, so that a sanitizer sees a look behind them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "context/text.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

/* A copy without its NUL; the caller frees its start. */
static struct text_span span_of(const char *text)
{
	size_t length = strlen(text);
	char *copy = malloc(length ? length : 1);

	assert_non_null(copy);
	memcpy(copy, text, length);
	return (struct text_span) { copy, length };
}

static bool reads_as_number(const char *text, int64_t *value)
{
	struct text_span span = span_of(text);
	bool result = text_to_int64(span, value);

	free((char *)span.start);
	return result;
}

static void length_counts_up_to_the_nul(void **state)
{
	(void)state;
	assert_int_equal(text_length(""), 0);
	assert_int_equal(text_length("a"), 1);
	assert_int_equal(text_length("action\0name"), 6);
}

static void equal_texts_are_equal_to_the_end(void **state)
{
	(void)state;
	assert_true(text_equal("", ""));
	assert_true(text_equal("name", "name"));
	assert_false(text_equal("name", "names"));
	assert_false(text_equal("names", "name"));
	assert_false(text_equal("", "n"));
	assert_false(text_equal("n", ""));
	assert_false(text_equal("name", "Name"));
	assert_false(text_equal("\xc3\xa9", "\xc3\xa8"));
}

static bool span_is(const char *span_text, const char *text)
{
	struct text_span span = span_of(span_text);
	bool result = text_is(span, text);

	free((char *)span.start);
	return result;
}

static void a_span_is_a_text_only_as_a_whole(void **state)
{
	(void)state;
	assert_true(span_is("", ""));
	assert_true(span_is("kv", "kv"));
	assert_false(span_is("k", "kv"));
	assert_false(span_is("kv", "k"));
	assert_false(span_is("", "k"));
	assert_false(span_is("k", ""));
	assert_false(span_is("kx", "kv"));
}

static void a_span_with_a_nul_in_it_is_no_text(void **state)
{
	struct text_span with_nul = { "a\0b", 3 };
	struct text_span copy = span_of("ab");
	char *text = (char *)(uintptr_t)copy.start;

	(void)state;
	text[1] = '\0'; /* "a", and nothing behind it that could be looked at */
	assert_false(text_is(with_nul, text));
	free(text);
}

static void copy_returns_the_end_of_what_it_wrote(void **state)
{
	char to[] = "------";

	(void)state;
	assert_ptr_equal(text_copy(to + 1, "abcdef", 3), to + 4);
	assert_string_equal(to, "-abc--");
	assert_ptr_equal(text_copy(to, "x", 0), to);
	assert_string_equal(to, "-abc--");
}

static void after_gives_what_follows_the_prefix(void **state)
{
	const char *entry = "RUN_NAME=r";

	(void)state;
	assert_ptr_equal(text_after(entry, "RUN_NAME="), entry + 9);
	assert_ptr_equal(text_after(entry, ""), entry);
	assert_ptr_equal(text_after(entry, entry), entry + 10);
	assert_null(text_after("RUN_NAM", "RUN_NAME="));
	assert_null(text_after("", "RUN_NAME="));
	assert_null(text_after("run_name=r", "RUN_NAME="));
}

static void numbers_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} rows[] = {
		{ "0", 0 },
		{ "7", 7 },
		{ "-1", -1 },
		{ "10", 10 },
		{ "1700000000123456789", 1700000000123456789 },
		{ "9223372036854775807", INT64_MAX },
		{ "-9223372036854775808", INT64_MIN },
		{ "-9223372036854775807", INT64_MIN + 1 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		int64_t value = 42;

		if (!reads_as_number(rows[i].text, &value) || value != rows[i].value)
			fail_msg("%s was read as %lld", rows[i].text, (long long)value);
	}
}

static void any_other_spelling_of_a_number_is_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"-",
		"--1",
		"+1",
		" 1",
		"1 ",
		"01",
		"00",
		"-0",
		"-01",
		"1a",
		"a",
		"0x1",
		"1.0",
		"1e3",
		"1-",
		"/",
		":",
		"\xb2",
		"9223372036854775808",
		"-9223372036854775809",
		"9223372036854775810",
		"10000000000000000000",
		"92233720368547758070",
		"18446744073709551616",
		"18446744073709551617",
		"99999999999999999999",
		"-99999999999999999999",
		"340282366920938463463374607431768211457",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		int64_t value = 42;

		if (reads_as_number(rows[i], &value) || value != 42)
			fail_msg("'%s' was read as %lld", rows[i], (long long)value);
	}
}

static void assert_written(int64_t value, const char *expected)
{
	char to[TEXT_INT64_MAX + 1];
	size_t length;

	memset(to, '#', sizeof(to));
	length = text_from_int64(to, value);
	assert_int_equal(length, strlen(expected));
	assert_memory_equal(to, expected, length);
	assert_int_equal(to[length], '#');
}

static void numbers_are_written(void **state)
{
	(void)state;
	assert_written(0, "0");
	assert_written(9, "9");
	assert_written(10, "10");
	assert_written(-1, "-1");
	assert_written(INT64_MAX, "9223372036854775807");
	assert_written(INT64_MIN, "-9223372036854775808");
}

static void what_is_written_is_read_again(void **state)
{
	(void)state;
	for (int bit = 0; bit < 64; bit++)
		for (int64_t around = -1; around <= 1; around++) {
			int64_t value = (int64_t)(((uint64_t)1 << bit) + (uint64_t)around), again;
			char to[TEXT_INT64_MAX];
			struct text_span span = { to, text_from_int64(to, value) };

			assert_true(text_to_int64(span, &again));
			assert_true(again == value);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(length_counts_up_to_the_nul),
		cmocka_unit_test(equal_texts_are_equal_to_the_end),
		cmocka_unit_test(a_span_is_a_text_only_as_a_whole),
		cmocka_unit_test(a_span_with_a_nul_in_it_is_no_text),
		cmocka_unit_test(copy_returns_the_end_of_what_it_wrote),
		cmocka_unit_test(after_gives_what_follows_the_prefix),
		cmocka_unit_test(numbers_are_read),
		cmocka_unit_test(any_other_spelling_of_a_number_is_refused),
		cmocka_unit_test(numbers_are_written),
		cmocka_unit_test(what_is_written_is_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
