/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/inputs_pb: the custom context of an inputs.pb (SPEC 5.8). The
 * messages are written out by hand: byte for byte what the reference contract shows, and what no
 * protobuf library would write.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "inputs_pb_test.h"

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
		cmocka_unit_test(other_bytes_are_handed_on),
		cmocka_unit_test(unknown_fields_are_skipped_by_type),
		cmocka_unit_test(as_many_pairs_as_the_index_reaches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
