/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/env where it meets limits, takes out, reads, changes libraries for another
 * machine, and brings along the variables that go with a context (SPEC 3.18, 3.19).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "env_test.h"

/* --- limits --- */

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

/* --- taking out what is ours --- */

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

/* SPEC 3.9: FLYTECTX_PROPAGATE=0 in the environment handed to a child */
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

/* --- reading --- */

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
