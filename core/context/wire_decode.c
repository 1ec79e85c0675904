/* SPDX-License-Identifier: Apache-2.0 */
/* The second half of reading; wire_check() has accepted the text. See wire.h. */
#include "context/wire_fields.h"

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

/* The context being made, and where its next string goes. */
struct decoder {
	struct context *context;
	struct context_pairs pairs;
	struct flyte_pair *metadata;
	char *to;
};

static struct flyte_pair decode_pair(struct text_span value, struct decoder *decoder)
{
	struct text_span key = { 0 }, rest = { 0 };
	struct flyte_pair pair;

	wire_split_pair(value, &key, &rest);
	pair.key = decoder->to;
	decoder->to = decode_string(key, decoder->to);
	pair.value = decoder->to;
	decoder->to = decode_string(rest, decoder->to);
	return pair;
}

static void decode_into(struct text_span value, const char **member, struct decoder *decoder)
{
	*member = decoder->to;
	decoder->to = decode_string(value, decoder->to);
}

static void decode_field(const struct wire_field *field, struct decoder *decoder)
{
	struct context *context = decoder->context;
	char *start = (char *)context;

	switch (field->kind) {
	case WIRE_STRING:
		start += wire_strings[field->string].offset;
		decode_into(field->value, (const char **)(void *)start, decoder);
		break;
	case WIRE_ATTEMPT:
		decode_into(field->value, &context->attempt_number, decoder);
		break;
	case WIRE_MODE:
		context->task.mode = wire_mode(field->value);
		break;
	case WIRE_START:
		text_to_int64(field->value, &context->task.run_start_time);
		break;
	case WIRE_FLAGS:
		decode_flags(field->value, &context->task);
		break;
	case WIRE_PAIR:
		context_pairs_put(&decoder->pairs, decode_pair(field->value, decoder));
		break;
	case WIRE_METADATA:
		decoder->metadata[context->metadata.count++] = decode_pair(field->value, decoder);
		break;
	case WIRE_UNKNOWN:
	default:
		break;
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
	struct flyte_pair *items = memory, *metadata = items + size->pairs;
	uint16_t *index = (uint16_t *)(void *)(metadata + size->metadata);
	struct decoder decoder = { .context = context, .metadata = metadata };
	const char *end = text + size->length, *body, *at;
	enum wire_error error;
	struct wire_field field;
	size_t length;

	*context = (struct context) { .metadata.items = metadata };
	context_pairs_begin(&decoder.pairs, items, index, size->pairs);
	decoder.to = (char *)index + context_index_size(size->pairs);
	body = at = wire_read_header(text, &length, &error);
	while (at < end) {
		wire_next_field(&at, &field);
		decode_field(&field, &decoder);
	}
	keep_unknown(body, end, decoder.to, &context->unknown);
	context_set_pairs(context, &decoder.pairs);
	context_complete(context);
}
