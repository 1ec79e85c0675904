/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The largest context there is reaches every kind of child whole (SPEC 3.15), and one byte more is
 * refused.
 */
#include "inherit_test.h"

/* A value that makes the carrier exactly `length` long. */
static char *value_for(size_t length)
{
	static struct carrier carrier;
	char *value = malloc(CARRIER_MAX + 2);
	flyte_token token;
	size_t size = length - 200;

	memset(value, 'v', CARRIER_MAX + 2);
	value[size] = '\0';
	token = enter("large", value);
	assert_true(token > FLYTE_TOKEN_NONE);
	carrier_of_exec(&carrier);
	assert_int_equal(flyte_context_exit(token), 0);
	value[size] = 'v';
	size += length - strlen(carrier.text);
	value[size] = '\0';
	return value;
}

static void the_largest_context_reaches_all_whole(void **state)
{
	static struct carrier carrier;
	char *value = value_for(CARRIER_MAX), said[64], expected[64];
	flyte_token token = enter("large", value);

	(void)state;
	assert_true(token > FLYTE_TOKEN_NONE);
	assert_string_equal(custom("large"), value);
	for (size_t starter = 0; starter < STARTERS; starter++) {
		starters[starter](&carrier);
		assert_int_equal(strlen(carrier.text), CARRIER_MAX);
		assert_non_null(strstr(carrier.text, ".kv-large~-vvvv"));
		assert_non_null(strstr(carrier.text, ".kv-increment~-1."));
	}
	again_says("large", said, sizeof(said));
	snprintf(expected, sizeof(expected), "%zu 1\n", strlen(value));
	assert_string_equal(said, expected);
	assert_int_equal(flyte_context_exit(token), 0);
	free(value);
}

static void one_byte_more_is_refused(void **state)
{
	const struct flyte_task_context *before = flyte_ctx_get();
	char *value = value_for(CARRIER_MAX);
	flyte_token token;

	(void)state;
	strcat(value, "v");
	errno = 0;
	assert_int_equal(enter("large", value), 0);
	assert_int_equal(errno, E2BIG);
	assert_ptr_equal(flyte_ctx_get(), before);
	value[strlen(value) - 1] = '\0';
	token = enter("large", value);
	errno = 0;
	assert_int_equal(flyte_group_enter("g"), 0); /* nor has anything else room */
	assert_int_equal(errno, E2BIG);
	assert_int_equal(enter_metadata(), 0);
	assert_int_equal(enter_raw_data(), 0);
	assert_int_equal(enter("k", ""), 0);
	assert_string_equal(custom("large"), value);
	assert_int_equal(flyte_context_exit(token), 0);
	free(value);
}

static int say_large(void)
{
	return printf("%zu %s\n", strlen(custom("large")), custom("increment")) < 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_largest_context_reaches_all_whole),
		cmocka_unit_test(one_byte_more_is_refused),
	};

	if (argc == 2 && !strcmp(argv[1], "large"))
		return say_large();
	return cmocka_run_group_tests_name("inherit_large", tests, NULL, NULL);
}
