/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds the limits of core/context/wire (SPEC 3.15): the longest carrier, and as many pairs as it
 * holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "wire_test.h"

/* A carrier of exactly `length` bytes, between 10000 and 99999; the caller frees it. */
static char *carrier_of_length(size_t length)
{
	size_t frame = strlen("1.12345.an-a.g-.");
	struct context context = small();
	char *group = calloc(1, length), *text;

	assert_non_null(group);
	memset(group, 'g', length - frame);
	context.task.group = group;
	text = encode(&context);
	free(group);
	assert_int_equal(strlen(text), length);
	return text;
}

/* SPEC 3.15: at most 96 KiB encoded */
static void the_longest_carrier_is_96_kib(void **state)
{
	char *longest = carrier_of_length(WIRE_MAX), *longer = carrier_of_length(WIRE_MAX + 1);
	struct decoded decoded;

	(void)state;
	assert_int_equal(WIRE_MAX, 98304);
	decoded = decode(longest);
	assert_string(decoded.context.task.action.name, "a");
	decoded_free(&decoded);
	assert_int_equal(check(longer), WIRE_TOO_LONG);
	free(longest);
	free(longer);
}

static void a_text_that_is_too_long_is_refused_whatever_it_is(void **state)
{
	char *text = malloc(4 * WIRE_MAX);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', 4 * WIRE_MAX - 1);
	text[4 * WIRE_MAX - 1] = '\0';
	assert_int_equal(check(text), WIRE_TOO_LONG);
	free(text);
}

/* A body of `count` pairs whose keys are the numbers below `different`; the caller frees it. */
static char *body_of_pairs(size_t count, size_t different)
{
	char *body = malloc(16 + count * 32), *end = body;

	assert_non_null(body);
	end += sprintf(end, "an-a.");
	for (size_t i = 0; i < count; i++)
		end += sprintf(end, "kv-%zx~-%s.", i % different, i < different ? "" : "v");
	return body;
}

static void assert_pairs_come_back(size_t count, size_t different)
{
	char *body = body_of_pairs(count, different);
	struct decoded decoded = decode_body(body), again = round_trip(&decoded.context);
	char key[24];

	assert_int_equal(decoded.context.task.custom_context.count, different);
	assert_same_task(&decoded.context.task, &again.context.task);
	for (size_t i = 0; i < different; i++) {
		snprintf(key, sizeof(key), "%zx", i);
		assert_string(decoded.context.task.custom_context.items[i].key, key);
		assert_string(context_lookup(&again.context, key),
			      i + different < count ? "v" : "");
	}
	decoded_free(&again);
	decoded_free(&decoded);
	free(body);
}

static void a_thousand_pairs_come_back(void **state)
{
	(void)state;
	assert_pairs_come_back(1000, 1000);
}

/* About as many as there is room for. */
static void nine_thousand_pairs_come_back(void **state)
{
	(void)state;
	assert_pairs_come_back(9000, 9000);
}

/* Fourteen thousand pairs have room only if their keys are single characters. */
static void fourteen_thousand_pairs_of_few_keys_come_back(void **state)
{
	char *body = malloc(5 + 14000 * 7 + 1), *end = body;
	struct decoded decoded;

	(void)state;
	assert_non_null(body);
	end += sprintf(end, "an-a.");
	for (size_t i = 0; i < 14000; i++)
		end += sprintf(end, "kv-%zx~-.", i % 16);
	decoded = decode_body(body);
	assert_int_equal(decoded.context.task.custom_context.count, 16);
	assert_string(decoded.context.task.custom_context.items[15].key, "f");
	assert_string(context_lookup(&decoded.context, "f"), "");
	decoded_free(&decoded);
	free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_carrier_is_96_kib),
		cmocka_unit_test(a_text_that_is_too_long_is_refused_whatever_it_is),
		cmocka_unit_test(a_thousand_pairs_come_back),
		cmocka_unit_test(nine_thousand_pairs_come_back),
		cmocka_unit_test(fourteen_thousand_pairs_of_few_keys_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
