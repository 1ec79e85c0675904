/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/wire and docs/wire-format.md: what a carrier is, what is implied in it, and
 * what newer versions put into it (SPEC 3.14).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../fuzz/wire_fields_kept.h"
#include "wire_test.h"

#define RESERVED_KEY "_u_kickoff_time_input_arg"

/* --- the format --- */

/* SPEC 3.14; docs/wire-format.md, Example */
static void the_example_of_the_document_decodes(void **state)
{
	static const struct flyte_pair pairs[] = {
		{ "increment", "1" },
		{ "team name", "a/b ~ \xc3\xbc" },
		{ "note", "" },
	};
	const struct flyte_action_id action = { "a0", "r7k2x9", "flytesnacks", "development",
						"acme" };
	const struct flyte_task_context expected = {
		.action = action,
		.task_action = action,
		.version = "v1.4.2",
		.input_path = "s3://data/r7k2x9/inputs.pb",
		.output_path = "s3://data/r7k2x9/a0",
		.raw_data_path = { "s3://raw/r7k2x9", { "s3://raw", "/mnt/raw" } },
		.checkpoint_paths = { "s3://data/r7k2x9/cp1", "" },
		.group = "sweep",
		.mode = FLYTE_MODE_REMOTE,
		.interactive_mode = true,
		.disable_run_cache = true,
		.run_start_time = 1767225600000000000,
		.custom_context = { ROWS(pairs), pairs },
	};
	struct decoded decoded = decode(example);

	(void)state;
	assert_same_task(&decoded.context.task, &expected);
	assert_string_equal(decoded.context.attempt_number, "1");
	assert_int_equal(decoded.context.unknown.length, 13);
	assert_memory_equal(decoded.context.unknown.start, "zz9-later~~-.", 13);
	decoded_free(&decoded);
}

static void the_example_of_the_document_is_canonical(void **state)
{
	struct decoded decoded = decode(example);
	char *text = encode(&decoded.context);

	(void)state;
	assert_string_equal(text, example);
	free(text);
	decoded_free(&decoded);
}

static void the_smallest_carrier_is_an_action_name(void **state)
{
	struct context context = small();
	char *text = encode(&context);

	(void)state;
	assert_string_equal(text, "1.5.an-a.");
	free(text);
}

static void the_fields_are_written_in_the_order_of_the_document(void **state)
{
	struct context context = full();
	char *text = encode(&context);

	(void)state;
	assert_true(kept_in_order(text));
	for (size_t rank = 0; rank < KEPT_UNKNOWN; rank++) {
		struct kept_field field = kept_first(text);

		while (field.length && field.rank != rank)
			field = kept_next(field);
		if (!field.length)
			fail_msg("%s is not in %s", kept_tags[rank], text);
	}
	free(text);
}

/* SPEC 3.14: of the characters [A-Za-z0-9._~-] only */
static void a_carrier_survives_shells(void **state)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				       "0123456789._~-";
	struct context context = full();
	char every[256], *text;

	(void)state;
	for (int c = 1; c < 256; c++)
		every[c - 1] = (char)c;
	every[255] = '\0';
	context.task.group = context.attempt_number = every;
	text = encode(&context);
	assert_int_equal(strspn(text, alphabet), strlen(text));
	free(text);
}

/* --- what is implied, and what has no effect --- */

/* SPEC 1.3: run_name defaults to name */
static void a_run_name_that_is_the_name_is_implied(void **state)
{
	struct decoded decoded = decode_body("an-a.");

	(void)state;
	assert_string_equal(decoded.context.task.action.run_name, "a");
	decoded_free(&decoded);
	assert_rewritten("an-a.ar-a.", "an-a.");
	assert_rewritten("an-a.ar-b.", "an-a.ar-b.");
	assert_rewritten("an-a.ar-.", "an-a.ar-.");
}

/* SPEC 1.3: task_action = action, stays on the real task inside sub-actions of it */
static void a_task_action_that_is_the_action_is_implied(void **state)
{
	struct decoded decoded = decode_body("an-a.ar-r.ap-p.ad-d.ao-o.");

	(void)state;
	assert_string_equal(decoded.context.task.task_action.name, "a");
	assert_string_equal(decoded.context.task.task_action.run_name, "r");
	assert_string_equal(decoded.context.task.task_action.project, "p");
	assert_string_equal(decoded.context.task.task_action.domain, "d");
	assert_string_equal(decoded.context.task.task_action.org, "o");
	decoded_free(&decoded);
	assert_rewritten("an-a.ap-p.tn-a.tr-a.tp-p.", "an-a.ap-p.");
}

static void a_task_action_that_differs_anywhere_is_written_whole(void **state)
{
	(void)state;
	assert_rewritten("an-a.ap-p.tn-a.", "an-a.ap-p.tn-a.");
	assert_rewritten("an-s.ar-r.ap-p.tn-t.tr-r.tp-p.", "an-s.ar-r.ap-p.tn-t.tr-r.tp-p.");
	assert_rewritten("an-a.tn-a.to-o.", "an-a.tn-a.to-o.");
	assert_rewritten("an-a.tn-a.tp-.", "an-a.tn-a.tp-.");
}

static void the_run_name_of_a_task_action_is_implied_by_its_own_name(void **state)
{
	struct decoded decoded = decode_body("an-s.ar-r.tn-t.");

	(void)state;
	assert_string_equal(decoded.context.task.task_action.run_name, "t");
	decoded_free(&decoded);
	assert_rewritten("an-s.ar-r.tn-t.tr-t.", "an-s.ar-r.tn-t.");
}

static void a_task_action_without_a_name_has_no_effect(void **state)
{
	(void)state;
	assert_rewritten("an-a.tr-r.tp-p.td-d.to-o.", "an-a.");
}

static void half_a_path_rewrite_has_no_effect(void **state)
{
	(void)state;
	assert_rewritten("an-a.ro-x.", "an-a.");
	assert_rewritten("an-a.rn-x.", "an-a.");
	assert_rewritten("an-a.ro-x.rn-y.", "an-a.ro-x.rn-y.");
}

static void fields_in_any_order_are_read_and_written_in_ours(void **state)
{
	(void)state;
	assert_rewritten("kv-k~-v.g-g.m-l.an-a.", "an-a.g-g.m-l.kv-k~-v.");
}

/* SPEC 2.1: given wins; SPEC 1.2: ordered map */
static void a_key_that_comes_twice_has_the_last_value_at_the_first_place(void **state)
{
	(void)state;
	assert_rewritten("an-a.kv-x~-1.kv-y~-2.kv-x~-3.", "an-a.kv-x~-3.kv-y~-2.");
	assert_rewritten("an-a.kv-x~-1.kv-x~-.", "an-a.kv-x~-.");
	assert_rewritten("an-a.kv-0~-0.kv-1~-1.kv-2~-2.kv-3~-3.kv-4~-4.kv-5~-5.kv-6~-6.kv-7~-7."
			 "kv-8~-8.kv-9~-9.kv-3~-x.",
			 "an-a.kv-0~-0.kv-1~-1.kv-2~-2.kv-3~-x.kv-4~-4.kv-5~-5.kv-6~-6.kv-7~-7."
			 "kv-8~-8.kv-9~-9.");
}

/* SPEC 3.16: SDK-reserved keys never show in custom_context */
static void a_reserved_key_is_hidden_and_not_handed_on(void **state)
{
	struct decoded decoded = decode_body("an-a.kv-" RESERVED_KEY "~-x.kv-k~-v.");

	(void)state;
	assert_int_equal(decoded.context.task.custom_context.count, 1);
	assert_null(context_lookup(&decoded.context, RESERVED_KEY));
	assert_string(context_lookup(&decoded.context, "k"), "v");
	decoded_free(&decoded);
	assert_rewritten("an-a.kv-" RESERVED_KEY "~-x.kv-k~-v.", "an-a.kv-k~-v.");
}

static void a_value_may_look_like_the_mark_of_a_pair(void **state)
{
	struct decoded decoded = decode_body("an-a.kv-k~--5.");

	(void)state;
	assert_string(context_lookup(&decoded.context, "k"), "-5");
	decoded_free(&decoded);
}

/* --- newer versions --- */

/* SPEC 3.14: unknown fields of a newer version are carried on unchanged */
static void unknown_fields_are_carried_on_unchanged(void **state)
{
	(void)state;
	assert_rewritten("an-a.zz-1.", "an-a.zz-1.");
	assert_rewritten("an-a.z-.z9-~.z99-~-~0.", "an-a.z-.z9-~.z99-~-~0.");
	assert_rewritten("an-a.b2-x.b2-x.b2-y.", "an-a.b2-x.b2-x.b2-y.");
	assert_rewritten("zz-2.an-a.yy-1.g-g.zz-2.", "an-a.g-g.zz-2.yy-1.zz-2.");
}

static void unknown_fields_survive_a_change_of_the_custom_context(void **state)
{
	struct decoded decoded = decode_body("an-a.zz-1.kv-k~-v.yy-2.");
	struct flyte_pair pair = { "k", "new" };
	char *text, *wanted = carrier_of("an-a.kv-k~-new.zz-1.yy-2.");

	(void)state;
	decoded.context.task.custom_context.items = &pair;
	text = encode(&decoded.context);
	assert_string_equal(text, wanted);
	free(wanted);
	free(text);
	decoded_free(&decoded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_document_decodes),
		cmocka_unit_test(the_example_of_the_document_is_canonical),
		cmocka_unit_test(the_smallest_carrier_is_an_action_name),
		cmocka_unit_test(the_fields_are_written_in_the_order_of_the_document),
		cmocka_unit_test(a_carrier_survives_shells),
		cmocka_unit_test(a_run_name_that_is_the_name_is_implied),
		cmocka_unit_test(a_task_action_that_is_the_action_is_implied),
		cmocka_unit_test(a_task_action_that_differs_anywhere_is_written_whole),
		cmocka_unit_test(the_run_name_of_a_task_action_is_implied_by_its_own_name),
		cmocka_unit_test(a_task_action_without_a_name_has_no_effect),
		cmocka_unit_test(half_a_path_rewrite_has_no_effect),
		cmocka_unit_test(fields_in_any_order_are_read_and_written_in_ours),
		cmocka_unit_test(a_key_that_comes_twice_has_the_last_value_at_the_first_place),
		cmocka_unit_test(a_reserved_key_is_hidden_and_not_handed_on),
		cmocka_unit_test(a_value_may_look_like_the_mark_of_a_pair),
		cmocka_unit_test(unknown_fields_are_carried_on_unchanged),
		cmocka_unit_test(unknown_fields_survive_a_change_of_the_custom_context),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
