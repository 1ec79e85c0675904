/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/action_name: names of sub-actions that are the SDK's to the letter, and ids
 * (SPEC 1.6). Names that upstream's own tests don't pin are from its Python code.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/*
 * Its base 36 is static, and no sum of MD5 that is known comes to 0 or to all ones. So the file is
 * taken in, by names other than those of the one that is linked.
 */
#define action_name_derive    tested_derive
#define action_name_random    tested_random
#define action_name_unique_id tested_unique_id
#include "context/action_name.c"
#include "cut_test.h"

/* What it is given is big-endian; the rest of it, in front, is 0. */
static void assert_base36(const char *hex, const char *expected)
{
	unsigned char number[MD5_SIZE] = { 0 };
	size_t bytes = strlen(hex) / 2;
	char text[FLYTE_ACTION_NAME_SIZE];

	for (size_t i = 0; i < bytes; i++)
		sscanf(hex + 2 * i, "%2hhx", &number[MD5_SIZE - bytes + i]);
	assert_int_equal(to_base36(number, text), strlen(expected));
	assert_string_equal(text, expected);
}

/* Upstream's tests/flyte/utils/test_helpers.py */
static void test_encode_max(void **state)
{
	(void)state;
	assert_base36("ffffffffffffffffffffffffffffffff", "f5lxx1zz5pnorynqglhzmsp33");
}

static void base36_has_no_padding(void **state)
{
	(void)state;
	assert_base36("", "0");
	assert_base36("01", "1");
	assert_base36("23", "z");
	assert_base36("24", "10");
	assert_base36("050f", "zz");
	assert_base36("0510", "100");
	assert_base36("ffffffffffffffff", "3w5e11264sgsf");
	assert_base36("010000000000000000", "3w5e11264sgsg");
	assert_base36("10e425c56daffabc35c0ffffffffffff", "zzzzzzzzzzzzzzzzzzzzzzzz");
	assert_base36("10e425c56daffabc35c1000000000000", "1000000000000000000000000");
	assert_base36("80000000000000000000000000000000", "7ksyyizzkutudzbv8aqztecjk");
}

static void assert_derived(const char *parent, uint64_t sequence, const char *task_hash,
			   const char *input_hash, const char *group, const char *expected)
{
	char name[26]; /* as large as the header says */

	assert_int_equal(action_name_derive(parent, sequence, task_hash, input_hash, group, name),
			 strlen(expected));
	assert_string_equal(name, expected);
}

static void names_are_those_of_the_sdk(void **state)
{
	(void)state;
	assert_derived("a0", 1, "TH", "IH", NULL, "ape1kkafckt4ekjb0537lcq3u");
	assert_derived("a0", 1, "th", "ih", NULL, "85hvno29yql9omdo61m0c0hjo");
	assert_derived("a0", 1, "th", "dtUuRhyBlE9ABcxCjKH0XnafQA378BrguHhlFiUXcDs=", NULL,
		       "d16t1rex1krj2q7jdoipsg598");
	assert_derived("85hvno29yql9omdo61m0c0hjo", 1, "th", "ih", NULL,
		       "d6qzmcmikeh03vhnsv63c6blp");
	/* No inputs have no hash. */
	assert_derived("a0", 1, "th", "", NULL, "ao3ohxlsh6eoq4lq3jry1p77c");
	assert_derived("", 1, "", "", NULL, "1t1t6szrskpdcxckmem3d3qpq");
}

static void the_group_is_in_the_name(void **state)
{
	(void)state;
	assert_derived("a0", 1, "th", "ih", "grp", "8pbksvgyjs0bfvujcx1jkm69u");
	assert_derived("a0", 1, "th", "ih",
		       "\xc3\xbc"
		       "ber",
		       "ef8jtjp7hkt74flop4jyj3m9a");
	/* An empty one is none. */
	assert_derived("a0", 1, "th", "ih", "", "85hvno29yql9omdo61m0c0hjo");
}

static void the_sequence_is_in_the_name(void **state)
{
	(void)state;
	assert_derived("a0", 2, "th", "ih", NULL, "4tolzw8my9cumir87tzywk0t0");
	assert_derived("a0", 10, "th", "ih", NULL, "1veekg7oqnspxmc12rbx77eux");
	assert_derived("a0", INT64_MAX, "th", "ih", NULL, "b9taja9tac5v7olgue3i7o4aa");
}

static void small_digests_make_short_names(void **state)
{
	(void)state;
	assert_derived("a0", 19, "th", "ih", NULL, "hpxvy3cib0m8fxbdbwwfbpmk");
	assert_derived("a0", 520, "th", "ih", NULL, "2ym8e3d8w99h0puc5aghflz");
	assert_derived("a0", 8205, "th", "ih", NULL, "vi6octqkx2ucliu99w78zn");
}

static void a_long_parent(void **state)
{
	char parent[1001];

	(void)state;
	memset(parent, 'x', 1000);
	parent[1000] = '\0';
	assert_derived(parent, 1, "th", "ih", NULL, "4go02tzqm2ewwn5ume6t8oopi");
}

static void a_name_may_be_written_over_its_parent(void **state)
{
	char name[FLYTE_ACTION_NAME_SIZE] = "a0";

	(void)state;
	action_name_derive(name, 1, "th", "ih", NULL, name);
	assert_string_equal(name, "85hvno29yql9omdo61m0c0hjo");
}

/* RFC 4122, 4.4: the version is 4, the first two bits of the ninth byte are 10. */
static void random_names_are_uuids(void **state)
{
	unsigned char random[ACTION_NAME_RANDOM];
	char name[37];

	(void)state;
	for (unsigned i = 0; i < ACTION_NAME_RANDOM; i++)
		random[i] = (unsigned char)(i * 0x11);
	assert_int_equal(action_name_random(random, name), 36);
	assert_string_equal(name, "00112233-4455-4677-8899-aabbccddeeff");
	memset(random, 0, sizeof(random));
	assert_int_equal(action_name_random(random, name), 36);
	assert_string_equal(name, "00000000-0000-4000-8000-000000000000");
	memset(random, 0xff, sizeof(random));
	assert_int_equal(action_name_random(random, name), 36);
	assert_string_equal(name, "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

static void assert_id(const struct flyte_action_id *action, const char *salt, const char *expected)
{
	size_t size = strlen(expected) + 1;
	char *id = malloc(size);

	assert_non_null(id);
	assert_int_equal(action_name_unique_id(action, salt, id, size), size - 1);
	assert_string_equal(id, expected);
	free(id);
}

static void ids_have_all_but_the_org(void **state)
{
	const struct flyte_action_id action = { "a0", "r", "p", "d", "o" };

	(void)state;
	assert_id(&action, NULL, "p-d-r-a0");
	assert_id(&action, "salt", "p-d-r-a0-salt");
}

/* As Python writes its None into a text. */
static void what_is_unset_reads_none(void **state)
{
	const struct flyte_action_id action = { .name = "a0", .run_name = "r" };
	const struct flyte_action_id empty = { "", "", "", "", "" };

	(void)state;
	assert_id(&action, NULL, "None-None-r-a0");
	assert_id(&action, "s", "None-None-r-a0-s");
	assert_id(&empty, NULL, "---"); /* empty is not unset */
}

static size_t put_id(char *text, size_t size)
{
	const struct flyte_action_id action = { "a0", "run", "project", "domain", "org" };

	return action_name_unique_id(&action, "salt", text, size);
}

static void an_id_is_cut_as_snprintf_cuts(void **state)
{
	(void)state;
	assert_cut("project-domain-run-a0-salt", put_id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encode_max),
		cmocka_unit_test(base36_has_no_padding),
		cmocka_unit_test(names_are_those_of_the_sdk),
		cmocka_unit_test(the_group_is_in_the_name),
		cmocka_unit_test(the_sequence_is_in_the_name),
		cmocka_unit_test(small_digests_make_short_names),
		cmocka_unit_test(a_long_parent),
		cmocka_unit_test(a_name_may_be_written_over_its_parent),
		cmocka_unit_test(random_names_are_uuids),
		cmocka_unit_test(ids_have_all_but_the_org),
		cmocka_unit_test(what_is_unset_reads_none),
		cmocka_unit_test(an_id_is_cut_as_snprintf_cuts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
