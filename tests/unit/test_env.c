/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/env: what a child's environment becomes (SPEC 3, Carrier). The new
 * environment is written to memory of exactly the size that was planned, so that a sanitizer sees
 * a byte too many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "context/env.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))
#define CARRIER     "FLYTE_CTX=1.5.an-a."
#define OTHER       "FLYTE_CTX=1.5.an-b."
#define OURS        "/opt/flyte/libflytectx.so"
#define PRELOAD     "LD_PRELOAD=" OURS

/* Up to eleven entries and the NULL: what the rows of this file need. */
typedef const char *entries[12];

static const struct env_wish wish = { .carrier = CARRIER, .library = OURS };
static const struct env_wish strip = { .carrier = CARRIER, .library = OURS, .strip = true };

/* execve's own type; nothing is written through it. */
static char *const *as_envp(const char *const *list)
{
	return (char *const *)(uintptr_t)list;
}

static size_t count_of(char *const *envp)
{
	size_t count = 0;

	while (envp[count])
		count++;
	return count;
}

static struct env_plan plan_of(const char *const *envp, const struct env_wish *wished)
{
	struct env_plan plan;

	env_plan(as_envp(envp), wished, &plan);
	return plan;
}

/* The environment that is handed on: `envp` itself where it is right. Free it with given_free(). */
static char *const *given(const char *const *envp, const struct env_wish *wished)
{
	struct env_plan plan = plan_of(envp, wished);
	void *memory;
	char **filled;

	if (plan.right)
		return as_envp(envp);
	memory = malloc(plan.memory);
	assert_non_null(memory);
	filled = env_fill(as_envp(envp), wished, &plan, memory);
	assert_ptr_equal(filled, memory);
	return filled;
}

static void given_free(char *const *result, const char *const *envp)
{
	if (result != as_envp(envp))
		free((void *)(uintptr_t)result);
}

/* Asserts what `envp` becomes, and that it is right from then on. */
static void assert_given(const char *const *envp, const struct env_wish *wished,
			 const char *const *expected)
{
	char *const *result = given(envp, wished);
	struct env_plan again = plan_of((const char *const *)(uintptr_t)result, wished);

	assert_int_equal(count_of(result), count_of(as_envp(expected)));
	for (size_t i = 0; expected[i]; i++)
		assert_string_equal(result[i], expected[i]);
	assert_true(again.right);
	given_free(result, envp);
}

static void assert_right(const char *const *envp, const struct env_wish *wished)
{
	assert_true(plan_of(envp, wished).right);
}

/* --- what is right already: the caller's own environment is handed on ------------------------ */

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

/* --- what is missing is added ---------------------------------------------------------------- */

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

/* SPEC 3: ours is added where it is missing, first; everything else stays in place */
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

/* --- what is not ours stays as it is --------------------------------------------------------- */

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

/* --- limits ---------------------------------------------------------------------------------- */

/* "LD_PRELOAD=xxx..." of `size` bytes with its NUL; the caller frees it. */
static char *preload_of_size(size_t size)
{
	char *entry = malloc(size);

	assert_non_null(entry);
	memset(entry, 'x', size - 1);
	memcpy(entry, "LD_PRELOAD=", 11);
	entry[size - 1] = '\0';
	return entry;
}

/* The kernel refuses a variable of more than 128 KiB: the child would not start at all. */
static void ours_is_left_out_where_the_list_would_be_too_long(void **state)
{
	char *entry = preload_of_size(ENV_STRING_MAX - strlen(OURS));
	const char *const envp[] = { entry, NULL }, *const expected[] = { entry, CARRIER, NULL };
	struct env_plan plan = plan_of(envp, &wish);

	(void)state;
	assert_false(plan.add_library);
	assert_given(envp, &wish, expected);
	free(entry);
}

static void a_library_with_too_long_a_path_is_left_out(void **state)
{
	char *library = preload_of_size(ENV_STRING_MAX - strlen("LD_PRELOAD="));
	const struct env_wish too_long = { .carrier = CARRIER, .library = library };
	static const entries envp = { "A=1" }, expected = { "A=1", CARRIER };

	(void)state;
	assert_given(envp, &too_long, expected);
	free(library);
}

/* At each size near the limit the result is a variable that the kernel takes. */
static void no_list_grows_beyond_what_the_kernel_takes(void **state)
{
	bool added = false, left_out = false;

	(void)state;
	for (size_t size = ENV_STRING_MAX - 100; size <= ENV_STRING_MAX; size++) {
		char *entry = preload_of_size(size);
		const char *const envp[] = { entry, NULL };
		bool add = plan_of(envp, &wish).add_library;
		char *const *result = given(envp, &wish);

		assert_true(strlen(result[0]) + 1 <= ENV_STRING_MAX);
		added |= add;
		left_out |= !add;
		assert_false(add && left_out);
		given_free(result, envp);
		free(entry);
	}
	assert_true(added && left_out);
}

/* --- taking out what is ours ----------------------------------------------------------------- */

static void stripping_takes_out_the_carrier_and_our_library(void **state)
{
	static const entries rows[][2] = {
		{ { "A=1", CARRIER, PRELOAD, "B=2" }, { "A=1", "B=2" } },
		{ { OTHER, "A=1", CARRIER }, { "A=1" } },
		{ { "LD_PRELOAD=x.so:" OURS ":y.so" }, { "LD_PRELOAD=x.so:y.so" } },
		{ { "LD_PRELOAD=/elsewhere/libflytectx.so:x.so" }, { "LD_PRELOAD=x.so" } },
		{ { PRELOAD, "LD_PRELOAD=x.so", PRELOAD ":y.so" },
		  { "LD_PRELOAD=x.so", "LD_PRELOAD=y.so" } },
		{ { PRELOAD, "LD_PRELOAD=x.so" }, { "LD_PRELOAD=x.so" } },
		{ { CARRIER }, { NULL } },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_given(rows[i][0], &strip, rows[i][1]);
}

static void what_has_nothing_of_ours_needs_no_stripping(void **state)
{
	static const entries rows[] = { { NULL }, { "A=1", "LD_PRELOAD=x.so", "LD_PRELOAD=" } };

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_right(rows[i], &strip);
	assert_true(plan_of(NULL, &strip).right);
}

/* SPEC 3: FLYTECTX_PROPAGATE=0 in the environment handed to a child */
static void propagate_off_strips_and_stays_for_the_descendants(void **state)
{
	static const entries envp = { "A=1", CARRIER, "FLYTECTX_PROPAGATE=0", PRELOAD ":x.so" };
	static const entries expected = { "A=1", "FLYTECTX_PROPAGATE=0", "LD_PRELOAD=x.so" };
	static const entries nothing = { "FLYTECTX_PROPAGATE=0" };
	static const struct env_wish outside = { .library = OURS };

	(void)state;
	assert_given(envp, &wish, expected);
	assert_given(envp, &outside, expected);
	assert_right(nothing, &wish);
	assert_true(plan_of(nothing, &wish).strip);
}

static void stripping_undoes_adding(void **state)
{
	static const entries rows[] = {
		{ NULL },
		{ "A=1", "B=2" },
		{ "A=1", "LD_PRELOAD=x.so y.so", "B=2" },
		{ "LD_PRELOAD=libasan.so.8:x.so" },
		{ "LD_PRELOAD=x.so", "LD_PRELOAD=:y.so" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char *const *with = given(rows[i], &wish);

		assert_given((const char *const *)(uintptr_t)with, &strip, rows[i]);
		given_free(with, rows[i]);
	}
}

/* --- reading --------------------------------------------------------------------------------- */

static void get_returns_the_value_of_the_first_of_a_name(void **state)
{
	static const entries envp = { "A=1", "AB=2", "B=", "B=3", "C", "A=4" };

	(void)state;
	assert_ptr_equal(env_get(as_envp(envp), "A="), envp[0] + 2);
	assert_string_equal(env_get(as_envp(envp), "AB="), "2");
	assert_string_equal(env_get(as_envp(envp), "B="), "");
	assert_null(env_get(as_envp(envp), "C="));
	assert_null(env_get(as_envp(envp), "D="));
	assert_null(env_get(NULL, "A="));
}

/* --- for programs of another machine --- */

#define THEIRS "/opt/flyte/flytectx-i386/libflytectx.so"

static void the_library_of_that_machine_takes_the_place_of_ours(void **state)
{
	static const struct env_wish foreign = { .carrier = CARRIER,
						 .library = THEIRS,
						 .foreign = true };
	static const entries rows[][2] = {
		{ { CARRIER, PRELOAD }, { CARRIER, "LD_PRELOAD=" THEIRS } },
		{ { "LD_PRELOAD=x.so:" OURS " y.so", CARRIER },
		  { "LD_PRELOAD=" THEIRS ":x.so y.so", CARRIER } },
		{ { PRELOAD, CARRIER, "LD_PRELOAD=x.so" },
		  { CARRIER, "LD_PRELOAD=" THEIRS ":x.so" } },
		{ { NULL }, { CARRIER, "LD_PRELOAD=" THEIRS } },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		char *const *result = given(rows[i][0], &foreign);

		assert_int_equal(count_of(result), count_of(as_envp(rows[i][1])));
		for (size_t k = 0; rows[i][1][k]; k++)
			assert_string_equal(result[k], rows[i][1][k]);
		given_free(result, rows[i][0]);
	}
}

static void without_one_ours_is_left_out(void **state)
{
	static const struct env_wish foreign = { .carrier = CARRIER, .foreign = true };
	static const entries rows[][2] = {
		{ { CARRIER, PRELOAD, "A=1" }, { CARRIER, "A=1" } },
		{ { CARRIER, "LD_PRELOAD=x.so:" OURS }, { CARRIER, "LD_PRELOAD=x.so" } },
		{ { PRELOAD, "LD_PRELOAD=y.so" }, { "LD_PRELOAD=y.so", CARRIER } },
		{ { "A=1" }, { "A=1", CARRIER } },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_given(rows[i][0], &foreign, rows[i][1]);
}

/* --- the variables that go with a context --- */

static const char *const kept[ENV_KEPT] = {
	[ENV_TRACEPARENT] = "TRACEPARENT=00-1", [ENV_BAGGAGE] = "BAGGAGE=a=1"
};
static const struct env_wish keeps = { .carrier = CARRIER, .library = OURS, .kept = kept };

static void what_a_cleaned_environment_lost_comes_back(void **state)
{
	static const entries rows[][2] = {
		{ { NULL }, { CARRIER, PRELOAD, "TRACEPARENT=00-1", "BAGGAGE=a=1" } },
		{ { PRELOAD, "BAGGAGE=", CARRIER, "TERM=x" },
		  { PRELOAD, "BAGGAGE=", CARRIER, "TERM=x", "TRACEPARENT=00-1" } },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_given(rows[i][0], &keeps, rows[i][1]);
}

static void what_the_caller_gave_stays(void **state)
{
	static const entries envp = { CARRIER, PRELOAD, "TRACEPARENT=00-2", "BAGGAGE=b=2" };

	(void)state;
	assert_right(envp, &keeps);
}

static void stripped_nothing_is_added(void **state)
{
	static const entries envp = { "A=1", "TRACEPARENT=00-2", ENV_PROPAGATE_OFF };

	(void)state;
	assert_right(envp, &keeps);
}

/* What is written each time anew is never found right, so not by assert_given(). */
static void assert_baggage(const char *const *envp, const char *const *expected)
{
	static const struct flyte_pair pair = { "k", "v" };
	static const struct flyte_pair_list pairs = { 1, &pair };
	struct env_wish writes = keeps;
	char *const *result;

	writes.baggage = &pairs;
	result = given(envp, &writes);
	assert_int_equal(count_of(result), count_of(as_envp(expected)));
	for (size_t i = 0; expected[i]; i++)
		assert_string_equal(result[i], expected[i]);
	given_free(result, envp);
}

static void baggage_is_written_into_what_is_there(void **state)
{
	static const entries rows[][2] = {
		{ { CARRIER, PRELOAD, "TRACEPARENT=" },
		  { CARRIER, PRELOAD, "TRACEPARENT=", "BAGGAGE=a=1,k=v" } },
		{ { "BAGGAGE=k=0,b=2", CARRIER, PRELOAD, "BAGGAGE=c=3", "TRACEPARENT=" },
		  { CARRIER, PRELOAD, "TRACEPARENT=", "BAGGAGE=b=2,k=v" } },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_baggage(rows[i][0], rows[i][1]);
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
		cmocka_unit_test(ours_is_left_out_where_the_list_would_be_too_long),
		cmocka_unit_test(a_library_with_too_long_a_path_is_left_out),
		cmocka_unit_test(no_list_grows_beyond_what_the_kernel_takes),
		cmocka_unit_test(stripping_takes_out_the_carrier_and_our_library),
		cmocka_unit_test(what_has_nothing_of_ours_needs_no_stripping),
		cmocka_unit_test(propagate_off_strips_and_stays_for_the_descendants),
		cmocka_unit_test(stripping_undoes_adding),
		cmocka_unit_test(get_returns_the_value_of_the_first_of_a_name),
		cmocka_unit_test(the_library_of_that_machine_takes_the_place_of_ours),
		cmocka_unit_test(without_one_ours_is_left_out),
		cmocka_unit_test(what_a_cleaned_environment_lost_comes_back),
		cmocka_unit_test(what_the_caller_gave_stays),
		cmocka_unit_test(stripped_nothing_is_added),
		cmocka_unit_test(baggage_is_written_into_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
