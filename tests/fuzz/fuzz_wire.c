/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a carrier, and as the body of one whose header is right: what wire_check() accepts
 * decodes within the memory that it said, and is written again as the carrier of the same context.
 * Written twice it is the same text.
 */
#include "context/wire.h"
#include "require.h"
#include "wire_fields_kept.h"

struct decoded {
	struct context context;
	void *memory;
};

static struct decoded decode(const char *text, const struct wire_size *size)
{
	struct decoded decoded = { .memory = allocate(size->memory) };

	wire_decode(text, size, decoded.memory, &decoded.context);
	return decoded;
}

static char *encode(const struct context *context)
{
	size_t length = wire_length(context);
	char *text = allocate(length + 1);

	wire_encode(context, length, text);
	require(strlen(text) == length);
	return text;
}

/* Every string is there to be read to its NUL, and every key is found. */
static void read_all(const struct context *context)
{
	const struct flyte_task_context *task = &context->task;
	size_t sum = 0;

#define FIELD(tag, name, member) sum += task->member ? strlen(task->member) : 0;
#include "context/fields.def"
#undef FIELD
	for (size_t i = 0; i < context->metadata.count; i++)
		sum += strlen(context->metadata.items[i].key) + 1;
	sum += context->raw_data.path ? strlen(context->raw_data.path) + 1 : 0;
	require(sum);
	if (context_has_task(context))
		require(*task->action.name && task->action.run_name && task->task_action.name);
	for (size_t i = 0; i < task->custom_context.count; i++) {
		const struct flyte_pair *pair = &task->custom_context.items[i];

		require(*pair->key && !context_key_is_reserved(pair->key));
		require(context_lookup(context, pair->key) == pair->value);
	}
}

static void require_same(const char *a, const char *b)
{
	require(a ? b && !strcmp(a, b) : !b);
}

static void require_same_context(const struct context *a, const struct context *b)
{
	const struct flyte_task_context *s = &a->task, *t = &b->task;

#define FIELD(tag, name, member) require_same(s->member, t->member);
#include "context/fields.def"
#undef FIELD
	require(s->mode == t->mode && s->run_start_time == t->run_start_time);
	require(s->interactive_mode == t->interactive_mode && s->in_trace == t->in_trace);
	require(s->disable_run_cache == t->disable_run_cache);
	require_same(a->attempt_number, b->attempt_number);
	require_same(a->raw_data.path, b->raw_data.path);
	require_same(a->raw_data.path_rewrite.old_prefix, b->raw_data.path_rewrite.old_prefix);
	require_same(a->raw_data.path_rewrite.new_prefix, b->raw_data.path_rewrite.new_prefix);
	require(a->metadata.count == b->metadata.count);
	for (size_t i = 0; i < a->metadata.count; i++) {
		require_same(a->metadata.items[i].key, b->metadata.items[i].key);
		require_same(a->metadata.items[i].value, b->metadata.items[i].value);
	}
	require(s->custom_context.count == t->custom_context.count);
	for (size_t i = 0; i < s->custom_context.count; i++) {
		require_same(s->custom_context.items[i].key, t->custom_context.items[i].key);
		require_same(s->custom_context.items[i].value, t->custom_context.items[i].value);
	}
}

static void check_round_trip(const char *text, const struct wire_size *size)
{
	struct decoded first = decode(text, size), second;
	char *encoded = encode(&first.context), *again;
	struct wire_size encoded_size;

	read_all(&first.context);
	require(strlen(encoded) <= size->length);
	require(wire_fields_kept(text, encoded));
	require(wire_check(encoded, &encoded_size) == WIRE_OK);
	second = decode(encoded, &encoded_size);
	require_same_context(&first.context, &second.context);
	again = encode(&second.context);
	require(!strcmp(encoded, again));
	free(again);
	free(second.memory);
	free(encoded);
	free(first.memory);
}

static void check_text(const char *text)
{
	struct wire_size size;
	enum wire_error error = wire_check(text, &size);

	require(error < WIRE_ERRORS && *wire_error_text(error));
	if (error == WIRE_OK)
		check_round_trip(text, &size);
}

static void check_body(const char *body)
{
	size_t size = strlen(body) + 32;
	char *text = allocate(size), *exact;

	snprintf(text, size, "1.%zu.%s", strlen(body), body);
	exact = text_of((const uint8_t *)text, strlen(text));
	check_text(exact);
	free(exact);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);

	check_text(text);
	check_body(text);
	free(text);
	return 0;
}
