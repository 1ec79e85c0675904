/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds what core/context/inputs_pb refuses, each with its reason (SPEC 5.8).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "inputs_pb_test.h"

static void a_c_string_holds_no_nul(void **state)
{
	(void)state;
	refused(MESSAGE(PAIR("\0", "b")), INPUTS_PB_HAS_NUL);
	refused(MESSAGE(PAIR("a", "\0")), INPUTS_PB_HAS_NUL);
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
		cmocka_unit_test(a_c_string_holds_no_nul),
		cmocka_unit_test(fields_that_can_not_be),
		cmocka_unit_test(numbers_of_more_than_64_bits),
		cmocka_unit_test(lengths_beyond_the_end),
		cmocka_unit_test(groups_nest_to_a_depth),
		cmocka_unit_test(every_truncation),
		cmocka_unit_test(every_error_has_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
