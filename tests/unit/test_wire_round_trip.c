/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds what core/context/wire writes and reads again: every member of a context comes back as it
 * was (SPEC 3.14).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "wire_test.h"

/* --- a decoded carrier, and how the tests make one --- */

static const char *const *string_of(const struct context *context, size_t offset)
{
	return (const char *const *)(const void *)((const char *)&context->task + offset);
}

static void set_string(struct context *context, size_t offset, const char *value)
{
	memcpy((char *)&context->task + offset, &value, sizeof(value));
}

static const size_t string_offsets[] = {
#define FIELD(tag, name, member) offsetof(struct flyte_task_context, member),
#include "context/fields.def"
#undef FIELD
};

/* --- round trips --- */

static void a_full_context_comes_back(void **state)
{
	struct context context = full();
	struct decoded decoded = round_trip(&context);

	(void)state;
	assert_same_task(&decoded.context.task, &context.task);
	assert_string_equal(decoded.context.attempt_number, "3");
	assert_int_equal(decoded.context.unknown.length, context.unknown.length);
	assert_int_equal(decoded.context.task.size, sizeof(struct flyte_task_context));
	decoded_free(&decoded);
}

/* Strings that mean something only together are set together. */
static struct context with_string(size_t i, const char *value)
{
	struct context context = { .task.action.name = "a" };
	size_t offset = string_offsets[i];

	if (offset >= offsetof(struct flyte_task_context, task_action) &&
	    offset < offsetof(struct flyte_task_context, version))
		context.task.task_action.name = "t";
	if (offset == offsetof(struct flyte_task_context, raw_data_path.path_rewrite.old_prefix))
		context.task.raw_data_path.path_rewrite.new_prefix = "/new";
	if (offset == offsetof(struct flyte_task_context, raw_data_path.path_rewrite.new_prefix))
		context.task.raw_data_path.path_rewrite.old_prefix = "/old";
	set_string(&context, offset, value);
	context_complete(&context);
	return context;
}

static void each_string_comes_back_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(string_offsets); i++) {
		struct context context = with_string(i, "value");
		struct decoded decoded = round_trip(&context);

		assert_string_equal(*string_of(&decoded.context, string_offsets[i]), "value");
		assert_same_task(&decoded.context.task, &context.task);
		decoded_free(&decoded);
	}
}

static void an_empty_string_is_not_an_unset_one(void **state)
{
	(void)state;
	for (size_t i = 1; i < ROWS(string_offsets); i++) { /* 0: the name, which can't be empty */
		struct context context = with_string(i, "");
		struct decoded decoded = round_trip(&context);

		assert_string(*string_of(&decoded.context, string_offsets[i]), "");
		assert_same_task(&decoded.context.task, &context.task);
		decoded_free(&decoded);
	}
}

static void what_is_unset_comes_back_unset(void **state)
{
	struct context context = small();
	struct decoded decoded = round_trip(&context);

	(void)state;
	assert_same_task(&decoded.context.task, &context.task);
	assert_null(decoded.context.attempt_number);
	assert_int_equal(decoded.context.unknown.length, 0);
	assert_null(decoded.context.task.action.project);
	assert_null(decoded.context.task.version);
	assert_null(decoded.context.task.checkpoint_paths.prev_checkpoint_path);
	assert_int_equal(decoded.context.task.mode, FLYTE_MODE_UNSET);
	assert_true(decoded.context.task.run_start_time == 0);
	decoded_free(&decoded);
}

static void an_attempt_number_comes_back_as_it_was_spelt(void **state)
{
	static const char *const rows[] = { "", "0", "007", "two", " 1" };

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct context context = small();
		struct decoded decoded;

		context.attempt_number = rows[i];
		decoded = round_trip(&context);
		assert_string(decoded.context.attempt_number, rows[i]);
		decoded_free(&decoded);
	}
}

static void assert_value_comes_back(const char *value)
{
	struct flyte_pair pairs[] = { { value, "v" }, { "a key", value } };
	struct context context = { .task = { .action.name = value, .group = value },
				   .attempt_number = value };
	struct decoded decoded;

	context.task.custom_context.items = pairs;
	context.task.custom_context.count = ROWS(pairs);
	context_complete(&context);
	decoded = round_trip(&context);
	assert_same_task(&decoded.context.task, &context.task);
	assert_string(decoded.context.attempt_number, value);
	decoded_free(&decoded);
}

static void every_byte_comes_back_in_names_keys_and_values(void **state)
{
	(void)state;
	for (int c = 1; c < 256; c++) {
		const char alone[] = { (char)c, '\0' };
		const char between[] = { 'x', (char)c, (char)c, '0', '\0' };

		assert_value_comes_back(alone);
		assert_value_comes_back(between);
	}
}

static void what_looks_like_the_format_comes_back_in_values(void **state)
{
	static const char *const rows[] = {
		"~-",       "~",    "~~-",          "-~-",      "~2F", "a.b", "an-x.", "1.5.an-a.",
		"kv-k~-v.", "-",    "--",           "_",        ".",   "..",  "%2F",   "a=b",
		"a\nb",     "$(x)", "\xef\xbb\xbf", "\xff\xfe",
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_value_comes_back(rows[i]);
}

static void every_mode_comes_back(void **state)
{
	(void)state;
	for (int mode = FLYTE_MODE_UNSET; mode <= FLYTE_MODE_HYBRID; mode++) {
		struct context context = small();
		struct decoded decoded;

		context.task.mode = (enum flyte_mode)mode;
		decoded = round_trip(&context);
		assert_int_equal(decoded.context.task.mode, mode);
		decoded_free(&decoded);
	}
	assert_rewritten("an-a.m-l.", "an-a.m-l.");
	assert_rewritten("an-a.m-r.", "an-a.m-r.");
	assert_rewritten("an-a.m-h.", "an-a.m-h.");
}

static void every_set_of_flags_comes_back(void **state)
{
	(void)state;
	for (int flags = 0; flags < 8; flags++) {
		struct context context = small();
		struct decoded decoded;

		context.task.interactive_mode = flags & 1;
		context.task.disable_run_cache = flags & 2;
		context.task.in_trace = flags & 4;
		decoded = round_trip(&context);
		assert_same_task(&decoded.context.task, &context.task);
		decoded_free(&decoded);
	}
}

static void each_flag_has_its_letter(void **state)
{
	struct decoded d = decode_body("an-a.f-d."), i = decode_body("an-a.f-i."),
		       t = decode_body("an-a.f-t.");

	(void)state;
	assert_true(d.context.task.disable_run_cache);
	assert_false(d.context.task.interactive_mode || d.context.task.in_trace);
	assert_true(i.context.task.interactive_mode);
	assert_false(i.context.task.disable_run_cache || i.context.task.in_trace);
	assert_true(t.context.task.in_trace);
	assert_false(t.context.task.disable_run_cache || t.context.task.interactive_mode);
	decoded_free(&d);
	decoded_free(&i);
	decoded_free(&t);
}

static void any_start_time_comes_back(void **state)
{
	static const int64_t rows[] = { INT64_MIN, INT64_MIN + 1, -1,        0,
					1,         INT64_MAX - 1, INT64_MAX, 1767225600000000000 };

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct context context = small();
		struct decoded decoded;

		context.task.run_start_time = rows[i];
		decoded = round_trip(&context);
		assert_true(decoded.context.task.run_start_time == rows[i]);
		decoded_free(&decoded);
	}
	assert_rewritten("an-a.s--9223372036854775808.", "an-a.s--9223372036854775808.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_context_comes_back),
		cmocka_unit_test(each_string_comes_back_alone),
		cmocka_unit_test(an_empty_string_is_not_an_unset_one),
		cmocka_unit_test(what_is_unset_comes_back_unset),
		cmocka_unit_test(an_attempt_number_comes_back_as_it_was_spelt),
		cmocka_unit_test(every_byte_comes_back_in_names_keys_and_values),
		cmocka_unit_test(what_looks_like_the_format_comes_back_in_values),
		cmocka_unit_test(every_mode_comes_back),
		cmocka_unit_test(every_set_of_flags_comes_back),
		cmocka_unit_test(each_flag_has_its_letter),
		cmocka_unit_test(any_start_time_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
