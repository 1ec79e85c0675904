/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire_test - what the tests of carriers share: contexts, and carriers that are decoded and written
 * again. Memory is always of exactly the size that was asked for, so that a sanitizer sees a byte
 * too many.
 */
#ifndef FLYTECTX_WIRE_TEST_H
#define FLYTECTX_WIRE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "context/wire.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

/* The example of docs/wire-format.md, to the letter. */
static const char example[] =
	"1.356.an-a0.ar-r7k2x9.ap-flytesnacks.ad-development.ao-acme.v-v1~2E4~2E2."
	"i-s3~3A~2F~2Fdata~2Fr7k2x9~2Finputs~2Epb.o-s3~3A~2F~2Fdata~2Fr7k2x9~2Fa0."
	"r-s3~3A~2F~2Fraw~2Fr7k2x9.ro-s3~3A~2F~2Fraw.rn-~2Fmnt~2Fraw."
	"c-s3~3A~2F~2Fdata~2Fr7k2x9~2Fcp1.cp-.g-sweep.m-r.s-1767225600000000000.f-di.a-1."
	"kv-increment~-1.kv-team~20name~-a~2Fb~20~7E~20~C3~BC.kv-note~-.zz9-later~~-.";

struct decoded {
	struct context context;
	void *memory;
};

static inline enum wire_error check(const char *text)
{
	struct wire_size size;

	return wire_check(text, &size);
}

/* Decodes a copy of the text that is gone when this returns; free it with decoded_free(). */
static inline struct decoded decode(const char *text)
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

static inline void decoded_free(struct decoded *decoded)
{
	free(decoded->memory);
}

/* The carrier of `context`; the caller frees it. */
static inline char *encode(const struct context *context)
{
	size_t length = wire_length(context);
	char *text = malloc(length + 1);

	assert_non_null(text);
	wire_encode(context, length, text);
	assert_int_equal(strlen(text), length);
	return text;
}

static inline struct decoded round_trip(const struct context *context)
{
	char *text = encode(context);
	struct decoded decoded = decode(text);

	free(text);
	return decoded;
}

/* Puts the header before a body; the caller frees it. */
static inline char *carrier_of(const char *body)
{
	size_t size = strlen(body) + 32;
	char *text = malloc(size);

	assert_non_null(text);
	snprintf(text, size, "1.%zu.%s", strlen(body), body);
	return text;
}

static inline enum wire_error check_body(const char *body)
{
	char *text = carrier_of(body);
	enum wire_error error = check(text);

	free(text);
	return error;
}

static inline struct decoded decode_body(const char *body)
{
	char *text = carrier_of(body);
	struct decoded decoded = decode(text);

	free(text);
	return decoded;
}

/* Asserts what the body of a carrier becomes when it is decoded and written again. */
static inline void assert_rewritten(const char *body, const char *expected)
{
	struct decoded decoded = decode_body(body);
	char *text = encode(&decoded.context), *wanted = carrier_of(expected);

	assert_string_equal(text, wanted);
	free(wanted);
	free(text);
	decoded_free(&decoded);
}

static inline void assert_string(const char *actual, const char *expected)
{
	if (!actual || !expected)
		assert_ptr_equal(actual, expected);
	else
		assert_string_equal(actual, expected);
}

static inline void assert_same_task(const struct flyte_task_context *a,
				    const struct flyte_task_context *b)
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
static inline struct context small(void)
{
	struct context context = { .task.action.name = "a" };

	context_complete(&context);
	return context;
}

/* A context with every member set, each string to its own name. */
static inline struct context full(void)
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

static inline void each_string_is_refused_when_repeated(void **state)
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

#endif
