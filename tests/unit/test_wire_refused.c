/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds what core/context/wire refuses (SPEC 3.14): anything that is no carrier, whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../fuzz/wire_fields_kept.h"
#include "wire_test.h"

static void a_text_that_is_no_carrier_is_refused(void **state)
{
	static const struct {
		const char *text;
		enum wire_error error;
	} rows[] = {
		{ "", WIRE_NOT_OURS },
		{ "1", WIRE_NOT_OURS },
		{ ".", WIRE_NOT_OURS },
		{ ".5.an-a.", WIRE_NOT_OURS },
		{ "v1.5.an-a.", WIRE_NOT_OURS },
		{ " 1.5.an-a.", WIRE_NOT_OURS },
		{ "{\"action\": {}}", WIRE_NOT_OURS },
		{ "2.5.an-a.", WIRE_NEWER },
		{ "10.5.an-a.", WIRE_NEWER },
		{ "2.", WIRE_NEWER },
		{ "2.something else entirely", WIRE_NEWER },
		{ "1.", WIRE_BAD_LENGTH },
		{ "1.5", WIRE_BAD_LENGTH },
		{ "1..an-a.", WIRE_BAD_LENGTH },
		{ "1.an-a.", WIRE_BAD_LENGTH },
		{ "1.4.an-a.", WIRE_BAD_LENGTH },
		{ "1.6.an-a.", WIRE_BAD_LENGTH },
		{ "1.05.an-a.", WIRE_BAD_LENGTH },
		{ "1.-5.an-a.", WIRE_BAD_LENGTH },
		{ "1.+5.an-a.", WIRE_BAD_LENGTH },
		{ "1.5.an-a.\n", WIRE_BAD_LENGTH },
		{ "1.18446744073709551621.an-a.", WIRE_BAD_LENGTH }, /* 2^64 + 5 */
		{ "1.99999999999999999999999999.an-a.", WIRE_BAD_LENGTH },
		{ "1.0.", WIRE_NO_ACTION },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (check(rows[i].text) != rows[i].error)
			fail_msg("'%s': %s", rows[i].text, wire_error_text(check(rows[i].text)));
}

static void a_body_that_is_malformed_is_refused(void **state)
{
	static const struct {
		const char *body;
		enum wire_error error;
	} rows[] = {
		{ "ap-p.", WIRE_NO_ACTION },
		{ "an-.", WIRE_NO_ACTION },
		{ "tn-a.", WIRE_NO_ACTION },
		{ "kv-an~-a.", WIRE_NO_ACTION },
		{ "an-a", WIRE_BAD_FIELD },
		{ "an-a..", WIRE_BAD_FIELD },
		{ ".an-a.", WIRE_BAD_FIELD },
		{ "an-a.v.", WIRE_BAD_FIELD },
		{ "an-a.-x.", WIRE_BAD_FIELD },
		{ "an-a.V-x.", WIRE_BAD_FIELD },
		{ "an-a.1v-x.", WIRE_BAD_FIELD },
		{ "an-a.v_-x.", WIRE_BAD_FIELD },
		{ "an-a.long-x.", WIRE_BAD_FIELD },
		{ "an-a b.", WIRE_BAD_CHARACTER },
		{ "an-a/b.", WIRE_BAD_CHARACTER },
		{ "an-a=b.", WIRE_BAD_CHARACTER },
		{ "an-a\x01.", WIRE_BAD_CHARACTER },
		{ "an-\xc3\xa9.", WIRE_BAD_CHARACTER },
		{ "an-a.zz-\xff.", WIRE_BAD_CHARACTER },
		{ "an-~.", WIRE_BAD_ESCAPE },
		{ "an-~2.", WIRE_BAD_ESCAPE },
		{ "an-~2G.", WIRE_BAD_ESCAPE },
		{ "an-~G2.", WIRE_BAD_ESCAPE },
		{ "an-~2f.", WIRE_BAD_ESCAPE },
		{ "an-~~2F.", WIRE_BAD_ESCAPE },
		{ "an-~-.", WIRE_BAD_ESCAPE },
		{ "an-a~00b.", WIRE_BAD_ESCAPE },
		{ "an-~41.", WIRE_BAD_ESCAPE },
		{ "an-~2D.", WIRE_BAD_ESCAPE },
		{ "an-~5F.", WIRE_BAD_ESCAPE },
		{ "an-a.a-~.", WIRE_BAD_ESCAPE },
		{ "an-a.kv-k~~-v.", WIRE_BAD_ESCAPE },
		{ "an-a.kv-~2~-v.", WIRE_BAD_ESCAPE },
		{ "an-a.kv-k~-v~-w.", WIRE_BAD_ESCAPE },
		{ "an-a.kv-k~-~2.", WIRE_BAD_ESCAPE },
		{ "an-a.kv-.", WIRE_BAD_VALUE },
		{ "an-a.kv-k.", WIRE_BAD_VALUE },
		{ "an-a.kv-k-v.", WIRE_BAD_VALUE },
		{ "an-a.kv-~-v.", WIRE_BAD_VALUE },
		{ "an-a.m-.", WIRE_BAD_VALUE },
		{ "an-a.m-x.", WIRE_BAD_VALUE },
		{ "an-a.m-L.", WIRE_BAD_VALUE },
		{ "an-a.m-ll.", WIRE_BAD_VALUE },
		{ "an-a.m-~20.", WIRE_BAD_VALUE },
		{ "an-a.s-.", WIRE_BAD_VALUE },
		{ "an-a.s-0.", WIRE_BAD_VALUE },
		{ "an-a.s--0.", WIRE_BAD_VALUE },
		{ "an-a.s-01.", WIRE_BAD_VALUE },
		{ "an-a.s-1h.", WIRE_BAD_VALUE },
		{ "an-a.s-9223372036854775808.", WIRE_BAD_VALUE },
		{ "an-a.s--9223372036854775809.", WIRE_BAD_VALUE },
		{ "an-a.f-.", WIRE_BAD_VALUE },
		{ "an-a.f-x.", WIRE_BAD_VALUE },
		{ "an-a.f-id.", WIRE_BAD_VALUE },
		{ "an-a.f-dd.", WIRE_BAD_VALUE },
		{ "an-a.an-a.", WIRE_REPEATED },
		{ "an-a.an-.", WIRE_REPEATED },
		{ "an-a.g-.g-.", WIRE_REPEATED },
		{ "an-a.m-l.m-l.", WIRE_REPEATED },
		{ "an-a.s-1.s-2.", WIRE_REPEATED },
		{ "an-a.f-d.f-i.", WIRE_REPEATED },
		{ "an-a.a-0.a-0.", WIRE_REPEATED },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (check_body(rows[i].body) != rows[i].error)
			fail_msg("'%s': %s", rows[i].body,
				 wire_error_text(check_body(rows[i].body)));
}

static void a_truncated_carrier_is_refused_at_every_byte(void **state)
{
	char cut[sizeof(example)];

	(void)state;
	for (size_t length = 0; length < sizeof(example) - 1; length++) {
		memcpy(cut, example, length);
		cut[length] = '\0';
		if (check(cut) == WIRE_OK)
			fail_msg("accepted: %s", cut);
	}
}

static void a_carrier_with_a_byte_more_is_refused(void **state)
{
	char longer[sizeof(example) + 1];

	(void)state;
	strcpy(longer, example);
	longer[sizeof(example)] = '\0';
	for (int c = 1; c < 256; c++) {
		longer[sizeof(example) - 1] = (char)c;
		assert_int_equal(check(longer), WIRE_BAD_LENGTH);
	}
}

static void a_carrier_with_a_byte_less_is_refused(void **state)
{
	char shorter[sizeof(example)];

	(void)state;
	for (size_t at = 0; at < sizeof(example) - 1; at++) {
		memcpy(shorter, example, at);
		strcpy(shorter + at, example + at + 1);
		if (check(shorter) == WIRE_OK)
			fail_msg("accepted: %s", shorter);
	}
}

/* Every field that is written was read, and what is not written again says nothing. */
static void assert_read_as_it_stands(const char *text)
{
	struct decoded decoded = decode(text), again;
	char *encoded = encode(&decoded.context), *twice;

	if (!wire_fields_kept(text, encoded))
		fail_msg("%s\nbecame %s", text, encoded);
	again = decode(encoded);
	assert_same_task(&decoded.context.task, &again.context.task);
	assert_string(decoded.context.attempt_number, again.context.attempt_number);
	twice = encode(&again.context);
	assert_string_equal(encoded, twice);
	free(twice);
	free(encoded);
	decoded_free(&again);
	decoded_free(&decoded);
}

/*
 * A changed byte is seen, or it makes another carrier that means just what it says: nothing of it
 * is read as something else.
 */
static void a_changed_byte_is_refused_or_read_as_it_stands(void **state)
{
	char changed[sizeof(example)];
	size_t accepted = 0;

	(void)state;
	memcpy(changed, example, sizeof(example));
	for (size_t at = 0; at < sizeof(example) - 1; at++) {
		for (int c = 1; c < 256; c++) {
			changed[at] = (char)c;
			if (check(changed) != WIRE_OK)
				continue;
			accepted++;
			assert_read_as_it_stands(changed);
		}
		changed[at] = example[at];
	}
	assert_true(accepted > sizeof(example)); /* the unchanged one at each place, and more */
}

static void each_error_has_a_text_of_its_own(void **state)
{
	(void)state;
	for (int error = WIRE_OK; error < WIRE_ERRORS; error++) {
		const char *text = wire_error_text((enum wire_error)error);

		assert_true(strlen(text) > 10);
		for (int other = WIRE_OK; other < error; other++)
			assert_string_not_equal(text, wire_error_text((enum wire_error)other));
	}
	assert_non_null(wire_error_text((enum wire_error)(WIRE_ERRORS + 1)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_that_is_no_carrier_is_refused),
		cmocka_unit_test(a_body_that_is_malformed_is_refused),
		cmocka_unit_test(each_string_is_refused_when_repeated),
		cmocka_unit_test(a_truncated_carrier_is_refused_at_every_byte),
		cmocka_unit_test(a_carrier_with_a_byte_more_is_refused),
		cmocka_unit_test(a_carrier_with_a_byte_less_is_refused),
		cmocka_unit_test(a_changed_byte_is_refused_or_read_as_it_stands),
		cmocka_unit_test(each_error_has_a_text_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
