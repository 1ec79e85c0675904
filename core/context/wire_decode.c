/* SPDX-License-Identifier: Apache-2.0 */
/* The second half of reading; wire_check() has accepted the text. See wire.h. */
#include "wire_fields.h"

static char *decode_string(struct text_span value, char *to)
{
	for (size_t i = 0; i < value.length; i++) {
		if (value.start[i] == '~') {
			*to++ = (char)wire_unescape(value.start + i);
			i += 2;
		} else {
			*to++ = value.start[i];
		}
	}
	*to++ = '\0';
	return to;
}

static void decode_flags(struct text_span value, struct flyte_task_context *task)
{
	for (size_t i = 0; i < value.length; i++) {
		task->disable_run_cache |= value.start[i] == 'd';
		task->interactive_mode |= value.start[i] == 'i';
		task->in_trace |= value.start[i] == 't';
	}
}

static char *decode_pair(struct text_span value, struct context_pairs *pairs, char *to)
{
	struct text_span key = { 0 }, rest = { 0 };
	struct flyte_pair pair = { to, NULL };

	wire_split_pair(value, &key, &rest);
	to = decode_string(key, to);
	pair.value = to;
	to = decode_string(rest, to);
	context_pairs_put(pairs, pair);
	return to;
}

/* Puts one known field into the context; strings go to `to`. Returns the end of what it wrote. */
static char *decode_field(const struct wire_field *field, struct context *context,
			  struct context_pairs *pairs, char *to)
{
	struct flyte_task_context *task = &context->task;

	switch (field->kind) {
	case WIRE_STRING:
		*(const char **)(void *)((char *)task + wire_strings[field->string].offset) = to;
		return decode_string(field->value, to);
	case WIRE_ATTEMPT:
		context->attempt_number = to;
		return decode_string(field->value, to);
	case WIRE_MODE:
		task->mode = wire_mode(field->value);
		return to;
	case WIRE_START:
		text_to_int64(field->value, &task->run_start_time);
		return to;
	case WIRE_FLAGS:
		decode_flags(field->value, task);
		return to;
	case WIRE_PAIR:
		return decode_pair(field->value, pairs, to);
	case WIRE_UNKNOWN:
	default:
		return to;
	}
}

/* Fields of a newer version are kept side by side, as they were. */
static void keep_unknown(const char *at, const char *end, char *to, struct text_span *unknown)
{
	struct wire_field field;

	unknown->start = to;
	while (at < end) {
		wire_next_field(&at, &field);
		if (field.kind == WIRE_UNKNOWN)
			to = text_copy(to, field.whole.start, field.whole.length);
	}
	unknown->length = (size_t)(to - unknown->start);
}

void wire_decode(const char *text, const struct wire_size *size, void *memory,
		 struct context *context)
{
	struct flyte_pair *items = memory;
	uint16_t *index = (uint16_t *)(void *)(items + size->pairs);
	char *to = (char *)index + context_index_size(size->pairs);
	const char *end = text + size->length, *body, *at;
	struct context_pairs pairs;
	enum wire_error error;
	struct wire_field field;
	size_t length;

	*context = (struct context) { 0 };
	context_pairs_begin(&pairs, items, index, size->pairs);
	body = at = wire_read_header(text, &length, &error);
	while (at < end) {
		wire_next_field(&at, &field);
		to = decode_field(&field, context, &pairs, to);
	}
	keep_unknown(body, end, to, &context->unknown);
	context_set_pairs(context, &pairs);
	context_complete(context);
}
