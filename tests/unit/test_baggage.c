/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/baggage: the custom context in a list of W3C baggage (SPEC 3.19). Results are
 * written to memory of exactly the size that the header asks for, so that a sanitizer sees a byte
 * too many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "context/baggage.h"

static void assert_merged(const char *list, const struct flyte_pair *pairs, size_t count,
			  const char *expected)
{
	struct flyte_pair_list all = { count, pairs };
	char *to = malloc(baggage_room(list, &all));
	size_t length;

	assert_non_null(to);
	length = baggage_merge(list, &all, to);
	assert_string_equal(to, expected);
	assert_int_equal(length, strlen(expected));
	free(to);
}

static void test_into_nothing(void **state)
{
	static const struct flyte_pair pairs[] = { { "increment", "1" }, { "team", "vision" } };

	(void)state;
	assert_merged("", pairs, 2, "increment=1,team=vision");
	assert_merged(" , ,", pairs, 1, "increment=1");
	assert_merged("", pairs, 0, "");
}

static void test_members_stay(void **state)
{
	static const struct flyte_pair pair = { "increment", "1" };

	(void)state;
	assert_merged("a=1;p;q=2 , b = 3,c", &pair, 1, "a=1;p;q=2,b = 3,c,increment=1");
	assert_merged("incremen=0,increments=2", &pair, 1, "incremen=0,increments=2,increment=1");
	assert_merged("a=\xc3\xa9\xff", &pair, 1, "a=\xc3\xa9\xff,increment=1");
}

static void test_ours_wins(void **state)
{
	static const struct flyte_pair pairs[] = { { "increment", "2" }, { "a b", "c" } };

	(void)state;
	assert_merged("increment=1;p=3,a=1,increment = 4,increment", pairs, 1, "a=1,increment=2");
	assert_merged("a%20b=1,a=b", pairs, 2, "a=b,increment=2,a%20b=c");
}

static void test_merging_again_changes_nothing(void **state)
{
	static const struct flyte_pair pairs[] = { { "k,", "x;y" }, { "z", "" } };

	(void)state;
	assert_merged("o=1", pairs, 2, "o=1,k%2C=x%3By,z=");
	assert_merged("o=1,k%2C=x%3By,z=", pairs, 2, "o=1,k%2C=x%3By,z=");
}

static void test_escapes(void **state)
{
	static const struct flyte_pair pairs[] = { { "\xc3\xa4 %=", "100% \"sure\"\\,;\n=\xff" } };

	(void)state;
	assert_merged("", pairs, 1, "%C3%A4%20%25%3D=100%25%20%22sure%22%5C%2C%3B%0A=%FF");
}

static void test_an_empty_key_is_no_member(void **state)
{
	static const struct flyte_pair pairs[] = { { "", "x" }, { "a", "1" } };

	(void)state;
	assert_merged("b=2", pairs, 2, "b=2,a=1");
}

static void test_what_does_not_fit_stays_out(void **state)
{
	char large[BAGGAGE_MAX], expected[BAGGAGE_MAX + 8] = "a=1";
	struct flyte_pair pairs[] = { { "a", "1" }, { "large", large }, { "b", "2" } };

	(void)state;
	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	assert_merged("", pairs, 3, strcat(expected, ",b=2"));
	/* "a=1,large=" is 10 */
	large[BAGGAGE_MAX - 10] = '\0';
	strcat(strcpy(expected, "a=1,large="), large);
	assert_merged("", pairs, 3, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_into_nothing),
		cmocka_unit_test(test_members_stay),
		cmocka_unit_test(test_ours_wins),
		cmocka_unit_test(test_merging_again_changes_nothing),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_an_empty_key_is_no_member),
		cmocka_unit_test(test_what_does_not_fit_stays_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
