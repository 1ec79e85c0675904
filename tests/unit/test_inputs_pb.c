/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/inputs_pb: the custom context of an inputs.pb (SPEC 1, SPEC 5 --inputs), read
 * whole or refused with its reason. The messages are written out by hand: byte for byte what the
 * reference contract shows, and what no protobuf library would write.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "context/inputs_pb.h"

/* A message as a C string, without the NUL that ends it. */
#define MESSAGE(text) (text), sizeof(text) - 1

/* A pair of one letter each: {a:"b"} as the contract has it. */
#define PAIR(key, value) "\x12\x06\x0a\x01" key "\x12\x01" value

/* In memory of exactly its size, so that a read past the end is seen by the sanitizers. */
static enum inputs_pb_error check(const char *data, size_t length, struct inputs_pb_size *size)
{
	char *copy = malloc(length ? length : 1);
	enum inputs_pb_error error;

	assert_non_null(copy);
	if (length)
		memcpy(copy, data, length);
	error = inputs_pb_check(copy, length, size);
	free(copy);
	return error;
}

static void refused(const char *data, size_t length, enum inputs_pb_error expected)
{
	struct inputs_pb_size size;

	assert_int_equal(check(data, length, &size), expected);
}

/* A decoded context; `memory` is of exactly the size that the check asked for. */
struct decoded {
	struct context_pairs pairs;
	void *memory;
};

static struct decoded decode(const char *data, size_t length)
{
	struct decoded decoded;
	struct inputs_pb_size size;
	char *copy = malloc(length ? length : 1);

	assert_non_null(copy);
	if (length)
		memcpy(copy, data, length);
	assert_int_equal(inputs_pb_check(copy, length, &size), INPUTS_PB_OK);
	decoded.memory = malloc(size.memory ? size.memory : 1);
	inputs_pb_decode(copy, &size, decoded.memory, &decoded.pairs);
	free(copy); /* nothing points into the message */
	return decoded;
}

/* `expected`: "key=value;" for each pair, in order. */
static void decodes(const char *data, size_t length, const char *expected)
{
	struct decoded decoded = decode(data, length);
	char text[1024] = "";

	for (size_t i = 0; i < decoded.pairs.count; i++) {
		strcat(text, decoded.pairs.items[i].key);
		strcat(text, "=");
		strcat(text, decoded.pairs.items[i].value);
		strcat(text, ";");
	}
	assert_string_equal(text, expected);
	free(decoded.memory);
}

static void the_example_of_the_contract(void **state)
{
	(void)state;
	decodes(MESSAGE("\x12\x06\x0a\x01\x61\x12\x01\x62"), "a=b;");
}

static void an_empty_message_has_no_context(void **state)
{
	struct inputs_pb_size size;

	(void)state;
	decodes(MESSAGE(""), "");
	assert_int_equal(inputs_pb_check(NULL, 0, &size), INPUTS_PB_OK);
	assert_int_equal(size.pairs, 0);
	assert_int_equal(size.memory, 0);
}

static void pairs_keep_their_order(void **state)
{
	(void)state;
	decodes(MESSAGE(PAIR("b", "1") PAIR("a", "2") PAIR("c", "3")), "b=1;a=2;c=3;");
}

static void literals_are_skipped_unread(void **state)
{
	(void)state;
	decodes(MESSAGE("\x0a\x03\xff\xff\xff" PAIR("a", "b") "\x0a\x00"), "a=b;");
}

static void what_is_missing_is_empty(void **state)
{
	(void)state;
	decodes(MESSAGE("\x12\x03\x0a\x01"
			"a"),
		"a=;");
	decodes(MESSAGE("\x12\x05\x12\x00\x0a\x01"
			"a"),
		"a=;");
	refused(MESSAGE("\x12\x03\x12\x01"
			"b"),
		INPUTS_PB_EMPTY_KEY);
	refused(MESSAGE("\x12\x00"), INPUTS_PB_EMPTY_KEY);
	refused(MESSAGE("\x12\x02\x0a\x00"), INPUTS_PB_EMPTY_KEY);
}

static void the_last_of_a_key_counts(void **state)
{
	(void)state;
	decodes(MESSAGE(PAIR("a", "1") PAIR("b", "2") PAIR("a", "3")), "a=3;b=2;");
	/* And of a field in one pair. */
	decodes(MESSAGE("\x12\x0c\x0a\x01x\x12\x01y\x0a\x01"
			"a\x12\x01z"),
		"a=z;");
}

static void reserved_keys_are_hidden(void **state)
{
	(void)state;
	decodes(MESSAGE(PAIR("a", "b") "\x12\x1e\x0a\x19_u_kickoff_time_input_arg\x12\x01t"),
		"a=b;");
	decodes(MESSAGE("\x12\x1a\x0a\x15_u_produced_artifacts\x12\x01t" PAIR("a", "b")), "a=b;");
}

static void a_c_string_holds_no_nul(void **state)
{
	(void)state;
	refused(MESSAGE(PAIR("\0", "b")), INPUTS_PB_HAS_NUL);
	refused(MESSAGE(PAIR("a", "\0")), INPUTS_PB_HAS_NUL);
}

static void other_bytes_are_handed_on(void **state)
{
	(void)state;
	decodes(MESSAGE(PAIR("\xff", "\n")), "\xff=\n;");
}

static void unknown_fields_are_skipped_by_type(void **state)
{
	(void)state;
	decodes(MESSAGE("\x18\x96\x01" PAIR("a", "b")), "a=b;");
	decodes(MESSAGE("\x19\1\2\3\4\5\6\7\x08" PAIR("a", "b")), "a=b;");
	decodes(MESSAGE("\x1a\x02\x12\x06" PAIR("a", "b")), "a=b;");
	decodes(MESSAGE("\x1d\1\2\3\4" PAIR("a", "b")), "a=b;");
	decodes(MESSAGE("\x1b\x12\x06xxxxxx\x23\x24\x1c" PAIR("a", "b")), "a=b;");
	/* The number of the context, but another type: unknown as well. */
	decodes(MESSAGE("\x10\x01" PAIR("a", "b") "\x13\x14"), "a=b;");
	/* The largest number that a field can have. */
	decodes(MESSAGE("\xf8\xff\xff\xff\x0f\x01" PAIR("a", "b")), "a=b;");
	/* In a pair. */
	decodes(MESSAGE("\x12\x0a\x18\x01\x0a\x01"
			"a\x1b\x1c\x12\x01"
			"b"),
		"a=b;");
}

static void fields_that_can_not_be(void **state)
{
	(void)state;
	refused(MESSAGE("\x02\x00"), INPUTS_PB_BAD_FIELD);
	refused(MESSAGE("\x80\x80\x80\x80\x10\x01"), INPUTS_PB_BAD_FIELD);
	refused(MESSAGE("\x1e\x00"), INPUTS_PB_BAD_TYPE);
	refused(MESSAGE("\x1f\x00"), INPUTS_PB_BAD_TYPE);
	refused(MESSAGE("\x12\x02\x1e\x00"), INPUTS_PB_BAD_TYPE);
}

static void numbers_of_more_than_64_bits(void **state)
{
	(void)state;
	decodes(MESSAGE("\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), "");
	refused(MESSAGE("\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), INPUTS_PB_BAD_VARINT);
	refused(MESSAGE("\x18\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"), INPUTS_PB_BAD_VARINT);
	/* Longer than need be, but within 64 bits: every reader takes that. */
	decodes(MESSAGE("\x92\x00\x86\x80\x00\x0a\x01"
			"a\x12\x01"
			"b"),
		"a=b;");
}

static void lengths_beyond_the_end(void **state)
{
	(void)state;
	refused(MESSAGE("\x12\x07\x0a\x01"
			"a\x12\x01"
			"b"),
		INPUTS_PB_TRUNCATED);
	refused(MESSAGE("\x12\x06\x0a\x01"
			"a\x12\x02"
			"b"),
		INPUTS_PB_TRUNCATED);
	refused(MESSAGE("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), INPUTS_PB_TRUNCATED);
}

static void groups_nest_to_a_depth(void **state)
{
	char message[2 * INPUTS_PB_DEPTH + 2];

	(void)state;
	memset(message, 0x1b, sizeof(message) / 2);
	memset(message + sizeof(message) / 2, 0x1c, sizeof(message) / 2);
	refused(message, sizeof(message), INPUTS_PB_TOO_DEEP);
	decodes(message + 1, sizeof(message) - 2, "");
	refused(message + 1, sizeof(message) - 1, INPUTS_PB_BAD_GROUP);
	refused(message + 1, sizeof(message) - 3, INPUTS_PB_TRUNCATED);
	refused(MESSAGE("\x1b\x24"), INPUTS_PB_BAD_GROUP);
	refused(MESSAGE("\x1c"), INPUTS_PB_BAD_GROUP);
}

/* Cut anywhere, a message is whole only where a field ends. */
static void every_truncation(void **state)
{
	static const char message[] = PAIR("a", "b") "\x18\x96\x01\x1b\x1d\1\2\3\4\x1c" PAIR(
		"c", "d") "\x19\1\2\3\4\5\6\7\x08\x0a\x02xx";
	static const size_t whole[] = { 0, 8, 11, 18, 26, 35, 39 };
	struct inputs_pb_size size;
	size_t next = 0;

	(void)state;
	assert_int_equal(sizeof(message) - 1, 39);
	for (size_t length = 0; length < sizeof(message); length++) {
		enum inputs_pb_error error = check(message, length, &size);

		if (length == whole[next]) {
			assert_int_equal(error, INPUTS_PB_OK);
			next++;
		} else {
			assert_int_equal(error, INPUTS_PB_TRUNCATED);
		}
	}
}

/* `count` pairs with different keys; the caller frees. */
static char *many_pairs(size_t count, size_t *length)
{
	char *message = malloc(count * 16 + 1), *at = message;

	assert_non_null(message);
	for (size_t i = 0; i < count; i++)
		at += sprintf(at, "\x12\x0a\x0a\x05%05zu\x12\x01v", i);
	*length = (size_t)(at - message);
	return message;
}

static void as_many_pairs_as_the_index_reaches(void **state)
{
	size_t length;
	char *message = many_pairs(CONTEXT_PAIRS_MAX, &length);
	struct decoded decoded = decode(message, length);

	(void)state;
	assert_int_equal(decoded.pairs.count, CONTEXT_PAIRS_MAX);
	assert_string_equal(decoded.pairs.items[CONTEXT_PAIRS_MAX - 1].key, "32766");
	free(decoded.memory);
	free(message);
	message = many_pairs(CONTEXT_PAIRS_MAX + 1, &length);
	refused(message, length, INPUTS_PB_TOO_MANY);
	free(message);
}

static void every_error_has_its_text(void **state)
{
	(void)state;
	for (int error = 0; error < INPUTS_PB_ERRORS; error++)
		assert_true(*inputs_pb_error_text((enum inputs_pb_error)error));
	assert_string_equal(inputs_pb_error_text(INPUTS_PB_ERRORS), "nothing is wrong");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_contract),
		cmocka_unit_test(an_empty_message_has_no_context),
		cmocka_unit_test(pairs_keep_their_order),
		cmocka_unit_test(literals_are_skipped_unread),
		cmocka_unit_test(what_is_missing_is_empty),
		cmocka_unit_test(the_last_of_a_key_counts),
		cmocka_unit_test(reserved_keys_are_hidden),
		cmocka_unit_test(a_c_string_holds_no_nul),
		cmocka_unit_test(other_bytes_are_handed_on),
		cmocka_unit_test(unknown_fields_are_skipped_by_type),
		cmocka_unit_test(fields_that_can_not_be),
		cmocka_unit_test(numbers_of_more_than_64_bits),
		cmocka_unit_test(lengths_beyond_the_end),
		cmocka_unit_test(groups_nest_to_a_depth),
		cmocka_unit_test(every_truncation),
		cmocka_unit_test(as_many_pairs_as_the_index_reaches),
		cmocka_unit_test(every_error_has_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
