/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/env: what a child's environment becomes (SPEC 3.14, 3.17): what is right
 * already, what is added, and what stays as it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "env_test.h"

/* --- what is right already: the caller's own environment is handed on --- */

static void an_environment_that_carries_all_is_right(void **state)
{
	static const entries rows[] = {
		{ CARRIER, PRELOAD },
		{ PRELOAD, CARRIER },
		{ "A=1", CARRIER, "B=2", "LD_PRELOAD=x.so:" OURS ":y.so", "C=3" },
		{ CARRIER, "LD_PRELOAD=/elsewhere/libflytectx.so" },
		{ CARRIER, "LD_PRELOAD=x.so", PRELOAD },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_right(rows[i], &wish);
}

static void without_a_context_every_environment_is_right(void **state)
{
	static const entries rows[] = { { NULL }, { "A=1" }, { OTHER }, { PRELOAD, CARRIER } };
	static const struct env_wish outside = { .library = OURS };

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_right(rows[i], &outside);
	assert_true(plan_of(NULL, &outside).right);
}

static void the_entries_of_a_right_environment_are_handed_on_by_pointer(void **state)
{
	static const entries envp = { "A=1", CARRIER, "", PRELOAD, "\xff" };
	struct env_plan plan = plan_of(envp, &wish);
	char **filled = malloc(plan.memory);

	(void)state;
	assert_non_null(filled);
	assert_true(plan.right);
	assert_int_equal(plan.count, 5);
	env_fill(as_envp(envp), &wish, &plan, filled);
	for (size_t i = 0; i < 5; i++)
		if (i != plan.carrier)
			assert_ptr_equal(filled[i], envp[i]);
	assert_ptr_equal(filled[plan.carrier], wish.carrier);
	assert_null(filled[5]);
	free(filled);
}

/* --- what is missing is added --- */

static void an_empty_environment_gets_both(void **state)
{
	static const entries empty = { NULL };
	static const entries expected = { CARRIER, PRELOAD };

	(void)state;
	assert_given(empty, &wish, expected);
	assert_given(NULL, &wish, expected);
}

static void what_is_missing_is_added_at_the_end(void **state)
{
	static const entries rows[][2] = {
		{ { "A=1", "B=2" }, { "A=1", "B=2", CARRIER, PRELOAD } },
		{ { CARRIER, "A=1" }, { CARRIER, "A=1", PRELOAD } },
		{ { PRELOAD, "A=1" }, { PRELOAD, "A=1", CARRIER } },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_given(rows[i][0], &wish, rows[i][1]);
}

/* SPEC 3.17: ours is added where it is missing, first; everything else stays in place */
static void ours_is_added_to_the_list_that_is_there(void **state)
{
	static const entries rows[][2] = {
		{ { CARRIER, "LD_PRELOAD=x.so:y.so", "A=1" },
		  { CARRIER, PRELOAD ":x.so:y.so", "A=1" } },
		{ { CARRIER, "LD_PRELOAD=" }, { CARRIER, PRELOAD } },
		{ { CARRIER, "LD_PRELOAD=libasan.so.8 x.so" },
		  { CARRIER, "LD_PRELOAD=libasan.so.8:" OURS " x.so" } },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_given(rows[i][0], &wish, rows[i][1]);
}

static void another_carrier_is_replaced_in_place(void **state)
{
	static const entries envp = { "A=1", OTHER, "B=2", PRELOAD };
	static const entries empty = { "A=1", "FLYTE_CTX=", "B=2", PRELOAD };
	static const entries longer = { "A=1", CARRIER "x", "B=2", PRELOAD };
	static const entries expected = { "A=1", CARRIER, "B=2", PRELOAD };

	(void)state;
	assert_given(envp, &wish, expected);
	assert_given(empty, &wish, expected);
	assert_given(longer, &wish, expected);
}

static void one_carrier_is_left_of_several_at_the_place_of_the_first(void **state)
{
	static const entries rows[][2] = {
		{ { CARRIER, CARRIER, PRELOAD }, { CARRIER, PRELOAD } },
		{ { CARRIER, "A=1", OTHER, PRELOAD }, { CARRIER, "A=1", PRELOAD } },
		{ { OTHER, PRELOAD, CARRIER, "A=1" }, { CARRIER, PRELOAD, "A=1" } },
		{ { OTHER, OTHER, OTHER }, { CARRIER, PRELOAD } },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_given(rows[i][0], &wish, rows[i][1]);
}

/* ld.so reads the last LD_PRELOAD: ours in another one would not be loaded. */
static void of_several_preloads_the_last_is_changed(void **state)
{
	static const entries rows[][2] = {
		{ { CARRIER, "LD_PRELOAD=x.so", "LD_PRELOAD=y.so" },
		  { CARRIER, "LD_PRELOAD=x.so", PRELOAD ":y.so" } },
		{ { CARRIER, PRELOAD, "A=1", "LD_PRELOAD=y.so" },
		  { CARRIER, PRELOAD, "A=1", PRELOAD ":y.so" } },
		{ { CARRIER, PRELOAD, "LD_PRELOAD=" }, { CARRIER, PRELOAD, PRELOAD } },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_given(rows[i][0], &wish, rows[i][1]);
}

static void an_unknown_library_leaves_the_preload_alone(void **state)
{
	static const struct env_wish no_library = { .carrier = CARRIER };
	static const entries rows[][2] = {
		{ { "A=1", "LD_PRELOAD=x.so" }, { "A=1", "LD_PRELOAD=x.so", CARRIER } },
		{ { NULL }, { CARRIER } },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_given(rows[i][0], &no_library, rows[i][1]);
}

/* --- what is not ours stays as it is --- */

static void entries_that_are_not_ours_are_handed_on_by_pointer_in_order(void **state)
{
	static const entries envp = {
		"Z=1",
		"",
		"=",
		"no equals sign",
		"\xff\xfe=\x80",
		"Z=2",
		"FLYTE_CTXX=1",
		"FLYTE_CTX",
		"LD_PRELOAD",
		"L",
		"F",
	};
	char *const *result = given(envp, &wish);

	(void)state;
	assert_int_equal(count_of(result), 13);
	for (size_t i = 0; i < 11; i++)
		assert_ptr_equal(result[i], envp[i]);
	assert_ptr_equal(result[11], wish.carrier);
	assert_string_equal(result[12], PRELOAD);
	given_free(result, envp);
}

static void names_that_only_resemble_ours_are_not_ours(void **state)
{
	static const entries envp = { "flyte_ctx=1",
				      "XFLYTE_CTX=1",
				      "FLYTE_CTX_=1",
				      "LD_PRELOAD_=x",
				      "ld_preload=x",
				      "FLYTECTX_PROPAGATE=1",
				      "FLYTECTX_PROPAGATE=",
				      "FLYTECTX_PROPAGATE=00",
				      "LD_PRELOADS=/opt/flyte/libflytectx.so" };
	struct env_plan plan = plan_of(envp, &wish);

	(void)state;
	assert_false(plan.strip);
	assert_false(plan.right);
	assert_int_equal(plan.carrier, plan.count);
	assert_int_equal(plan.preload, plan.count);
}

static void a_large_environment_keeps_its_order(void **state)
{
	enum { COUNT = 5000 };
	char(*texts)[16] = calloc(COUNT, sizeof(*texts));
	const char **envp = calloc(COUNT + 1, sizeof(*envp));
	char *const *result;

	(void)state;
	assert_non_null(texts);
	assert_non_null(envp);
	for (int i = 0; i < COUNT; i++) {
		snprintf(texts[i], sizeof(texts[i]), "V%d=", i);
		envp[i] = texts[i];
	}
	envp[COUNT / 2] = OTHER;
	result = given(envp, &wish);
	assert_int_equal(count_of(result), COUNT + 1);
	for (int i = 0; i < COUNT; i++)
		assert_ptr_equal(result[i], i == COUNT / 2 ? wish.carrier : envp[i]);
	assert_string_equal(result[COUNT], PRELOAD);
	given_free(result, envp);
	free(envp);
	free(texts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_environment_that_carries_all_is_right),
		cmocka_unit_test(without_a_context_every_environment_is_right),
		cmocka_unit_test(the_entries_of_a_right_environment_are_handed_on_by_pointer),
		cmocka_unit_test(an_empty_environment_gets_both),
		cmocka_unit_test(what_is_missing_is_added_at_the_end),
		cmocka_unit_test(ours_is_added_to_the_list_that_is_there),
		cmocka_unit_test(another_carrier_is_replaced_in_place),
		cmocka_unit_test(one_carrier_is_left_of_several_at_the_place_of_the_first),
		cmocka_unit_test(of_several_preloads_the_last_is_changed),
		cmocka_unit_test(an_unknown_library_leaves_the_preload_alone),
		cmocka_unit_test(entries_that_are_not_ours_are_handed_on_by_pointer_in_order),
		cmocka_unit_test(names_that_only_resemble_ours_are_not_ours),
		cmocka_unit_test(a_large_environment_keeps_its_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
