/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/preload_list: LD_PRELOAD with ours in it and without, everything else as it
 * was (SPEC 3.17). Results are written to memory of exactly the size that the header asks
 * for, so that a sanitizer sees a byte too many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "context/preload_list.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))
#define OURS        "/opt/flyte/libflytectx.so"
#define ASAN        "/usr/lib/libasan.so.8"

/* The caller frees it. */
static char *added(const char *list, const char *path)
{
	char *to = malloc(strlen(list) + strlen(path) + 2);
	size_t length;

	assert_non_null(to);
	length = preload_list_add(list, path, to);
	assert_int_equal(length, strlen(to));
	return to;
}

static char *removed(const char *list)
{
	char *to = malloc(strlen(list) + 1);
	size_t length;

	assert_non_null(to);
	length = preload_list_remove(list, to);
	assert_int_equal(length, strlen(to));
	return to;
}

static void assert_added(const char *list, const char *expected)
{
	char *result = added(list, OURS);

	assert_string_equal(result, expected);
	free(result);
}

static void assert_removed(const char *list, const char *expected)
{
	char *result = removed(list);

	assert_string_equal(result, expected);
	free(result);
}

static void assert_found(const char *list, const char *expected)
{
	struct text_span found = preload_list_find(list);

	if (!text_is(found, expected))
		fail_msg("'%s': found '%.*s'", list, (int)found.length, found.start);
}

static void ours_is_found_wherever_it_stands(void **state)
{
	(void)state;
	assert_found(OURS, OURS);
	assert_found(OURS ":b.so", OURS);
	assert_found("a.so:" OURS, OURS);
	assert_found("a.so " OURS " b.so", OURS);
	assert_found(" : " OURS, OURS);
	assert_found("a.so: :" OURS "::", OURS);
}

static void ours_is_known_by_its_file_name_on_any_path(void **state)
{
	(void)state;
	assert_found("libflytectx.so", "libflytectx.so");
	assert_found("/usr/$LIB/libflytectx.so", "/usr/$LIB/libflytectx.so");
	assert_found("./libflytectx.so", "./libflytectx.so");
	assert_found("a.so:/x/libflytectx.so:" OURS, "/x/libflytectx.so");
}

static void other_names_are_not_ours(void **state)
{
	static const char *const rows[] = {
		"",
		":",
		"  ",
		"a.so",
		"/opt/libflytectx.so/a.so",
		"/opt/libflytectx.so/",
		"libflytectx.so.1",
		"xlibflytectx.so",
		"libflytectx.s",
		"libflytectx.so.",
		"libflytectx-checkpoint.so.1",
		"LIBFLYTECTX.SO",
		"/opt/flyte:libflytectx so",
		"libflytectx.so\n",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_found(rows[i], "");
}

static void a_path_with_a_separator_is_not_sound(void **state)
{
	(void)state;
	assert_true(preload_path_is_sound(OURS));
	assert_true(preload_path_is_sound(""));
	assert_true(preload_path_is_sound("/opt/a,b;c\td/libflytectx.so"));
	assert_false(preload_path_is_sound("/opt/my programs/libflytectx.so"));
	assert_false(preload_path_is_sound("/opt/a:b/libflytectx.so"));
	assert_false(preload_path_is_sound(" "));
	assert_false(preload_path_is_sound("/opt/$LIB/libflytectx.so"));
	assert_false(preload_path_is_sound(OURS ":"));
}

/* SPEC 3.17: first */
static void ours_is_added_first(void **state)
{
	(void)state;
	assert_added("", OURS);
	assert_added("a.so", OURS ":a.so");
	assert_added("a.so:b.so", OURS ":a.so:b.so");
	assert_added("a.so b.so", OURS ":a.so b.so");
}

/* SPEC 3.17: behind libasan if that is there */
static void ours_is_added_behind_the_address_sanitizer(void **state)
{
	(void)state;
	assert_added(ASAN, ASAN ":" OURS);
	assert_added(ASAN ":a.so", ASAN ":" OURS ":a.so");
	assert_added(ASAN " a.so", ASAN ":" OURS " a.so");
	assert_added("a.so:" ASAN ":b.so", "a.so:" ASAN ":" OURS ":b.so");
	assert_added(" " ASAN, " " ASAN ":" OURS);
	assert_added("libasan.so", "libasan.so:" OURS);
	assert_added("/x/libclang_rt.asan-x86_64.so", "/x/libclang_rt.asan-x86_64.so:" OURS);
	assert_added("/x/libclang_rt.asan.so a.so", "/x/libclang_rt.asan.so:" OURS " a.so");
	assert_added("libasan.so.6:libasan.so.8:a.so", "libasan.so.6:libasan.so.8:" OURS ":a.so");
}

static void what_only_sounds_like_the_address_sanitizer_is_not_it(void **state)
{
	(void)state;
	assert_added("libasan_helper.so", OURS ":libasan_helper.so");
	assert_added("/libasan.so/a.so", OURS ":/libasan.so/a.so");
	assert_added("mylibasan.so.8", OURS ":mylibasan.so.8");
	assert_added("libclang_rt.tsan.so", OURS ":libclang_rt.tsan.so");
	assert_added("libasan.s", OURS ":libasan.s");
}

/* SPEC 3.17: everything else stays in place (order, separators, duplicates) */
static void adding_leaves_the_rest_as_it_is(void **state)
{
	(void)state;
	assert_added("b.so:a.so:b.so", OURS ":b.so:a.so:b.so");
	assert_added(":a.so: :b.so:", OURS "::a.so: :b.so:");
	assert_added("  ", OURS ":  ");
	assert_added("\xff\xfe.so:$ORIGIN/x.so", OURS ":\xff\xfe.so:$ORIGIN/x.so");
}

static void ours_is_removed_wherever_it_stands(void **state)
{
	(void)state;
	assert_removed(OURS, "");
	assert_removed(OURS ":a.so", "a.so");
	assert_removed("a.so:" OURS, "a.so");
	assert_removed("a.so:" OURS ":b.so", "a.so:b.so");
	assert_removed("a.so " OURS " b.so", "a.so b.so");
	assert_removed(ASAN ":" OURS ":b.so", ASAN ":b.so");
}

static void every_entry_of_our_name_is_removed(void **state)
{
	(void)state;
	assert_removed(OURS ":/x/libflytectx.so", "");
	assert_removed(OURS ":a.so:/x/libflytectx.so:b.so:libflytectx.so", "a.so:b.so");
	assert_removed("a.so:" OURS ":" OURS ":b.so", "a.so:b.so");
}

static void removing_leaves_the_rest_as_it_is(void **state)
{
	static const char *const rows[] = {
		"", ":", " a.so", "a.so:", "b.so:a.so:b.so", "a.so: :b.so ", "libflytectx.so.1",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_removed(rows[i], rows[i]);
	assert_removed("b.so  a.so:" OURS " b.so::", "b.so  a.so b.so::");
}

static void removing_undoes_adding(void **state)
{
	static const char *const rows[] = {
		"",
		":",
		" ",
		"a.so",
		"a.so:b.so",
		"a.so b.so",
		":a.so",
		"a.so:",
		" a.so ",
		ASAN,
		ASAN ":a.so",
		"a.so " ASAN " b.so",
		":" ASAN ":",
		"a.so::b.so",
		"b.so:a.so:b.so",
		"libasan.so libasan.so",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char *with = added(rows[i], OURS), *without = removed(with);

		assert_found(with, OURS);
		assert_string_equal(without, rows[i]);
		free(without);
		free(with);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ours_is_found_wherever_it_stands),
		cmocka_unit_test(ours_is_known_by_its_file_name_on_any_path),
		cmocka_unit_test(other_names_are_not_ours),
		cmocka_unit_test(a_path_with_a_separator_is_not_sound),
		cmocka_unit_test(ours_is_added_first),
		cmocka_unit_test(ours_is_added_behind_the_address_sanitizer),
		cmocka_unit_test(what_only_sounds_like_the_address_sanitizer_is_not_it),
		cmocka_unit_test(adding_leaves_the_rest_as_it_is),
		cmocka_unit_test(ours_is_removed_wherever_it_stands),
		cmocka_unit_test(every_entry_of_our_name_is_removed),
		cmocka_unit_test(removing_leaves_the_rest_as_it_is),
		cmocka_unit_test(removing_undoes_adding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
