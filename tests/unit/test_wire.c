/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/context/wire and docs/wire-format.md: what a carrier is, that everything else is
 * refused whole, and that a context comes back as it was. Memory is always of exactly the size
 * that was asked for, so that a sanitizer sees a byte too many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "context/wire.h"
#include "../fuzz/wire_fields_kept.h"

#define ROWS(table)  (sizeof(table) / sizeof(*(table)))

#define RESERVED_KEY "_u_kickoff_time_input_arg"

/* The example of docs/wire-format.md, to the letter. */
static const char example[] =
	"1.356.an-a0.ar-r7k2x9.ap-flytesnacks.ad-development.ao-acme.v-v1~2E4~2E2."
	"i-s3~3A~2F~2Fdata~2Fr7k2x9~2Finputs~2Epb.o-s3~3A~2F~2Fdata~2Fr7k2x9~2Fa0."
	"r-s3~3A~2F~2Fraw~2Fr7k2x9.ro-s3~3A~2F~2Fraw.rn-~2Fmnt~2Fraw."
	"c-s3~3A~2F~2Fdata~2Fr7k2x9~2Fcp1.cp-.g-sweep.m-r.s-1767225600000000000.f-di.a-1."
	"kv-increment~-1.kv-team~20name~-a~2Fb~20~7E~20~C3~BC.kv-note~-.zz9-later~~-.";

/* --- a decoded carrier, and how the tests make one ------------------------------------------- */

struct decoded {
	struct context context;
	void *memory;
};

static enum wire_error check(const char *text)
{
	struct wire_size size;

	return wire_check(text, &size);
}

/* Decodes a copy of the text that is gone when this returns; free it with decoded_free(). */
static struct decoded decode(const char *text)
{
	struct decoded decoded;
	struct wire_size size;
	char *copy = malloc(strlen(text) + 1);
	enum wire_error error;

	assert_non_null(copy);
	strcpy(copy, text);
	error = wire_check(copy, &size);
	if (error != WIRE_OK)
		fail_msg("%.200s: %s", text, wire_error_text(error));
	assert_int_equal(size.length, strlen(text));
	decoded.memory = malloc(size.memory);
	wire_decode(copy, &size, decoded.memory, &decoded.context);
	memset(copy, '#', size.length);
	free(copy);
	return decoded;
}

static void decoded_free(struct decoded *decoded)
{
	free(decoded->memory);
}

/* The carrier of `context`; the caller frees it. */
static char *encode(const struct context *context)
{
	size_t length = wire_length(context);
	char *text = malloc(length + 1);

	assert_non_null(text);
	wire_encode(context, length, text);
	assert_int_equal(strlen(text), length);
	return text;
}

static struct decoded round_trip(const struct context *context)
{
	char *text = encode(context);
	struct decoded decoded = decode(text);

	free(text);
	return decoded;
}

/* Puts the header before a body; the caller frees it. */
static char *carrier_of(const char *body)
{
	size_t size = strlen(body) + 32;
	char *text = malloc(size);

	assert_non_null(text);
	snprintf(text, size, "1.%zu.%s", strlen(body), body);
	return text;
}

static enum wire_error check_body(const char *body)
{
	char *text = carrier_of(body);
	enum wire_error error = check(text);

	free(text);
	return error;
}

static struct decoded decode_body(const char *body)
{
	char *text = carrier_of(body);
	struct decoded decoded = decode(text);

	free(text);
	return decoded;
}

/* Asserts what the body of a carrier becomes when it is decoded and written again. */
static void assert_rewritten(const char *body, const char *expected)
{
	struct decoded decoded = decode_body(body);
	char *text = encode(&decoded.context), *wanted = carrier_of(expected);

	assert_string_equal(text, wanted);
	free(wanted);
	free(text);
	decoded_free(&decoded);
}

static void assert_string(const char *actual, const char *expected)
{
	if (!actual || !expected)
		assert_ptr_equal(actual, expected);
	else
		assert_string_equal(actual, expected);
}

static void assert_same_task(const struct flyte_task_context *a, const struct flyte_task_context *b)
{
#define FIELD(tag, name, member) assert_string(a->member, b->member);
#include "context/fields.def"
#undef FIELD
	assert_int_equal(a->mode, b->mode);
	assert_int_equal(a->interactive_mode, b->interactive_mode);
	assert_int_equal(a->disable_run_cache, b->disable_run_cache);
	assert_int_equal(a->in_trace, b->in_trace);
	assert_true(a->run_start_time == b->run_start_time);
	assert_int_equal(a->custom_context.count, b->custom_context.count);
	for (size_t i = 0; i < a->custom_context.count; i++) {
		assert_string(a->custom_context.items[i].key, b->custom_context.items[i].key);
		assert_string(a->custom_context.items[i].value, b->custom_context.items[i].value);
	}
}

/* The smallest context that is one. */
static struct context small(void)
{
	struct context context = { .task.action.name = "a" };

	context_complete(&context);
	return context;
}

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

/* A context with every member set, each string to its own name. */
static struct context full(void)
{
	static const struct flyte_pair pairs[] = { { "increment", "1" }, { "empty", "" } };
	struct context context = {
		.attempt_number = "3",
		.unknown = { "zz-1.", 5 },
		.raw_data = { "s3://other", { "s3://old", "/new" } },
		.metadata = { ROWS(pairs), pairs },
	};
	struct flyte_task_context *task = &context.task;

#define FIELD(tag, name, member) task->member = name;
#include "context/fields.def"
#undef FIELD
	task->mode = FLYTE_MODE_HYBRID;
	task->run_start_time = 1767225600123456789;
	task->interactive_mode = task->disable_run_cache = task->in_trace = true;
	task->custom_context.items = pairs;
	task->custom_context.count = ROWS(pairs);
	context_complete(&context);
	return context;
}

/* --- the format ------------------------------------------------------------------------------ */

/* SPEC 3; docs/wire-format.md, Example */
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

/* SPEC 3: of the characters [A-Za-z0-9._~-] only */
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

/* --- what is refused (SPEC 3: strictly decoded, anything malformed is ignored whole) --------- */

static void a_text_that_is_no_carrier_is_refused(void **state)
{
	static const struct {
		const char *text;
		enum wire_error error;
	} rows[] = {
		{ "", WIRE_NOT_OURS },
		{ "1", WIRE_NOT_OURS },
		{ ".", WIRE_NOT_OURS },
		{ ".5.an-a.", WIRE_NOT_OURS },
		{ "v1.5.an-a.", WIRE_NOT_OURS },
		{ " 1.5.an-a.", WIRE_NOT_OURS },
		{ "{\"action\": {}}", WIRE_NOT_OURS },
		{ "2.5.an-a.", WIRE_NEWER },
		{ "10.5.an-a.", WIRE_NEWER },
		{ "2.", WIRE_NEWER },
		{ "2.something else entirely", WIRE_NEWER },
		{ "1.", WIRE_BAD_LENGTH },
		{ "1.5", WIRE_BAD_LENGTH },
		{ "1..an-a.", WIRE_BAD_LENGTH },
		{ "1.an-a.", WIRE_BAD_LENGTH },
		{ "1.4.an-a.", WIRE_BAD_LENGTH },
		{ "1.6.an-a.", WIRE_BAD_LENGTH },
		{ "1.05.an-a.", WIRE_BAD_LENGTH },
		{ "1.-5.an-a.", WIRE_BAD_LENGTH },
		{ "1.+5.an-a.", WIRE_BAD_LENGTH },
		{ "1.5.an-a.\n", WIRE_BAD_LENGTH },
		{ "1.18446744073709551621.an-a.", WIRE_BAD_LENGTH }, /* 2^64 + 5 */
		{ "1.99999999999999999999999999.an-a.", WIRE_BAD_LENGTH },
		{ "1.0.", WIRE_NO_ACTION },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (check(rows[i].text) != rows[i].error)
			fail_msg("'%s': %s", rows[i].text, wire_error_text(check(rows[i].text)));
}

static void a_body_that_is_malformed_is_refused(void **state)
{
	static const struct {
		const char *body;
		enum wire_error error;
	} rows[] = {
		{ "ap-p.", WIRE_NO_ACTION },
		{ "an-.", WIRE_NO_ACTION },
		{ "tn-a.", WIRE_NO_ACTION },
		{ "kv-an~-a.", WIRE_NO_ACTION },
		{ "an-a", WIRE_BAD_FIELD },
		{ "an-a..", WIRE_BAD_FIELD },
		{ ".an-a.", WIRE_BAD_FIELD },
		{ "an-a.v.", WIRE_BAD_FIELD },
		{ "an-a.-x.", WIRE_BAD_FIELD },
		{ "an-a.V-x.", WIRE_BAD_FIELD },
		{ "an-a.1v-x.", WIRE_BAD_FIELD },
		{ "an-a.v_-x.", WIRE_BAD_FIELD },
		{ "an-a.long-x.", WIRE_BAD_FIELD },
		{ "an-a b.", WIRE_BAD_CHARACTER },
		{ "an-a/b.", WIRE_BAD_CHARACTER },
		{ "an-a=b.", WIRE_BAD_CHARACTER },
		{ "an-a\x01.", WIRE_BAD_CHARACTER },
		{ "an-\xc3\xa9.", WIRE_BAD_CHARACTER },
		{ "an-a.zz-\xff.", WIRE_BAD_CHARACTER },
		{ "an-~.", WIRE_BAD_ESCAPE },
		{ "an-~2.", WIRE_BAD_ESCAPE },
		{ "an-~2G.", WIRE_BAD_ESCAPE },
		{ "an-~G2.", WIRE_BAD_ESCAPE },
		{ "an-~2f.", WIRE_BAD_ESCAPE },
		{ "an-~~2F.", WIRE_BAD_ESCAPE },
		{ "an-~-.", WIRE_BAD_ESCAPE },
		{ "an-a~00b.", WIRE_BAD_ESCAPE },
		{ "an-~41.", WIRE_BAD_ESCAPE },
		{ "an-~2D.", WIRE_BAD_ESCAPE },
		{ "an-~5F.", WIRE_BAD_ESCAPE },
		{ "an-a.a-~.", WIRE_BAD_ESCAPE },
		{ "an-a.kv-k~~-v.", WIRE_BAD_ESCAPE },
		{ "an-a.kv-~2~-v.", WIRE_BAD_ESCAPE },
		{ "an-a.kv-k~-v~-w.", WIRE_BAD_ESCAPE },
		{ "an-a.kv-k~-~2.", WIRE_BAD_ESCAPE },
		{ "an-a.kv-.", WIRE_BAD_VALUE },
		{ "an-a.kv-k.", WIRE_BAD_VALUE },
		{ "an-a.kv-k-v.", WIRE_BAD_VALUE },
		{ "an-a.kv-~-v.", WIRE_BAD_VALUE },
		{ "an-a.m-.", WIRE_BAD_VALUE },
		{ "an-a.m-x.", WIRE_BAD_VALUE },
		{ "an-a.m-L.", WIRE_BAD_VALUE },
		{ "an-a.m-ll.", WIRE_BAD_VALUE },
		{ "an-a.m-~20.", WIRE_BAD_VALUE },
		{ "an-a.s-.", WIRE_BAD_VALUE },
		{ "an-a.s-0.", WIRE_BAD_VALUE },
		{ "an-a.s--0.", WIRE_BAD_VALUE },
		{ "an-a.s-01.", WIRE_BAD_VALUE },
		{ "an-a.s-1h.", WIRE_BAD_VALUE },
		{ "an-a.s-9223372036854775808.", WIRE_BAD_VALUE },
		{ "an-a.s--9223372036854775809.", WIRE_BAD_VALUE },
		{ "an-a.f-.", WIRE_BAD_VALUE },
		{ "an-a.f-x.", WIRE_BAD_VALUE },
		{ "an-a.f-id.", WIRE_BAD_VALUE },
		{ "an-a.f-dd.", WIRE_BAD_VALUE },
		{ "an-a.an-a.", WIRE_REPEATED },
		{ "an-a.an-.", WIRE_REPEATED },
		{ "an-a.g-.g-.", WIRE_REPEATED },
		{ "an-a.m-l.m-l.", WIRE_REPEATED },
		{ "an-a.s-1.s-2.", WIRE_REPEATED },
		{ "an-a.f-d.f-i.", WIRE_REPEATED },
		{ "an-a.a-0.a-0.", WIRE_REPEATED },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		if (check_body(rows[i].body) != rows[i].error)
			fail_msg("'%s': %s", rows[i].body,
				 wire_error_text(check_body(rows[i].body)));
}

static void each_string_is_refused_when_repeated(void **state)
{
	static const char *const tags[] = {
#define FIELD(tag, name, member) tag,
#include "context/fields.def"
#undef FIELD
	};

	(void)state;
	for (size_t i = 0; i < ROWS(tags); i++) {
		char body[64];

		snprintf(body, sizeof(body), "%s-x.an-a.%s-y.", tags[i], tags[i]);
		assert_int_equal(check_body(body), WIRE_REPEATED);
	}
}

static void a_truncated_carrier_is_refused_at_every_byte(void **state)
{
	char cut[sizeof(example)];

	(void)state;
	for (size_t length = 0; length < sizeof(example) - 1; length++) {
		memcpy(cut, example, length);
		cut[length] = '\0';
		if (check(cut) == WIRE_OK)
			fail_msg("accepted: %s", cut);
	}
}

static void a_carrier_with_a_byte_more_is_refused(void **state)
{
	char longer[sizeof(example) + 1];

	(void)state;
	strcpy(longer, example);
	longer[sizeof(example)] = '\0';
	for (int c = 1; c < 256; c++) {
		longer[sizeof(example) - 1] = (char)c;
		assert_int_equal(check(longer), WIRE_BAD_LENGTH);
	}
}

static void a_carrier_with_a_byte_less_is_refused(void **state)
{
	char shorter[sizeof(example)];

	(void)state;
	for (size_t at = 0; at < sizeof(example) - 1; at++) {
		memcpy(shorter, example, at);
		strcpy(shorter + at, example + at + 1);
		if (check(shorter) == WIRE_OK)
			fail_msg("accepted: %s", shorter);
	}
}

/* Every field that is written was read, and what is not written again says nothing. */
static void assert_read_as_it_stands(const char *text)
{
	struct decoded decoded = decode(text), again;
	char *encoded = encode(&decoded.context), *twice;

	if (!wire_fields_kept(text, encoded))
		fail_msg("%s\nbecame %s", text, encoded);
	again = decode(encoded);
	assert_same_task(&decoded.context.task, &again.context.task);
	assert_string(decoded.context.attempt_number, again.context.attempt_number);
	twice = encode(&again.context);
	assert_string_equal(encoded, twice);
	free(twice);
	free(encoded);
	decoded_free(&again);
	decoded_free(&decoded);
}

/*
 * A changed byte is seen, or it makes another carrier that means just what it says: nothing of it
 * is read as something else.
 */
static void a_changed_byte_is_refused_or_read_as_it_stands(void **state)
{
	char changed[sizeof(example)];
	size_t accepted = 0;

	(void)state;
	memcpy(changed, example, sizeof(example));
	for (size_t at = 0; at < sizeof(example) - 1; at++) {
		for (int c = 1; c < 256; c++) {
			changed[at] = (char)c;
			if (check(changed) != WIRE_OK)
				continue;
			accepted++;
			assert_read_as_it_stands(changed);
		}
		changed[at] = example[at];
	}
	assert_true(accepted > sizeof(example)); /* the unchanged one at each place, and more */
}

static void each_error_has_a_text_of_its_own(void **state)
{
	(void)state;
	for (int error = WIRE_OK; error < WIRE_ERRORS; error++) {
		const char *text = wire_error_text((enum wire_error)error);

		assert_true(strlen(text) > 10);
		for (int other = WIRE_OK; other < error; other++)
			assert_string_not_equal(text, wire_error_text((enum wire_error)other));
	}
	assert_non_null(wire_error_text((enum wire_error)(WIRE_ERRORS + 1)));
}

/* --- round trips ----------------------------------------------------------------------------- */

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

/* --- what is implied, and what has no effect ------------------------------------------------- */

/* SPEC 1: run_name defaults to name */
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

/* SPEC 1: task_action = action, stays on the real task inside sub-actions of it */
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

/* SPEC 2: given wins; SPEC 1: ordered map */
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

/* SPEC 3: SDK-reserved keys never show in custom_context */
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

/* --- newer versions -------------------------------------------------------------------------- */

/* SPEC 3: unknown fields of a newer version are carried on unchanged */
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

/* --- limits ---------------------------------------------------------------------------------- */

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

/* SPEC 3: at most 96 KiB encoded */
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
		cmocka_unit_test(the_example_of_the_document_decodes),
		cmocka_unit_test(the_example_of_the_document_is_canonical),
		cmocka_unit_test(the_smallest_carrier_is_an_action_name),
		cmocka_unit_test(the_fields_are_written_in_the_order_of_the_document),
		cmocka_unit_test(a_carrier_survives_shells),
		cmocka_unit_test(a_text_that_is_no_carrier_is_refused),
		cmocka_unit_test(a_body_that_is_malformed_is_refused),
		cmocka_unit_test(each_string_is_refused_when_repeated),
		cmocka_unit_test(a_truncated_carrier_is_refused_at_every_byte),
		cmocka_unit_test(a_carrier_with_a_byte_more_is_refused),
		cmocka_unit_test(a_carrier_with_a_byte_less_is_refused),
		cmocka_unit_test(a_changed_byte_is_refused_or_read_as_it_stands),
		cmocka_unit_test(each_error_has_a_text_of_its_own),
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
		cmocka_unit_test(the_longest_carrier_is_96_kib),
		cmocka_unit_test(a_text_that_is_too_long_is_refused_whatever_it_is),
		cmocka_unit_test(a_thousand_pairs_come_back),
		cmocka_unit_test(nine_thousand_pairs_come_back),
		cmocka_unit_test(fourteen_thousand_pairs_of_few_keys_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
