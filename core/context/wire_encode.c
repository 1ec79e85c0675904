/* SPDX-License-Identifier: Apache-2.0 */
/* The writing half of wire.h. */
#include "context/wire_fields.h"

/* Counts what it is given; where `to` is set, writes it as well. */
struct writer {
	char *to;
	size_t length;
};

static void put(struct writer *writer, const char *text, size_t length)
{
	if (writer->to)
		text_copy(writer->to + writer->length, text, length);
	writer->length += length;
}

static void put_text(struct writer *writer, const char *text)
{
	put(writer, text, text_length(text));
}

static void put_escaped(struct writer *writer, const char *value)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;
		char escape[3] = { '~', hex[c >> 4], hex[c & 15] };

		if (wire_is_literal(c))
			put(writer, value, 1);
		else
			put(writer, escape, sizeof(escape));
	}
}

static void put_field(struct writer *writer, const char *tag, const char *value)
{
	if (!value)
		return;
	put_text(writer, tag);
	put_text(writer, "-");
	put_escaped(writer, value);
	put_text(writer, ".");
}

static void put_pair(struct writer *writer, const char *tag, const struct flyte_pair *pair)
{
	put_text(writer, tag);
	put_text(writer, "-");
	put_escaped(writer, pair->key);
	put_text(writer, WIRE_PAIR_MARK);
	put_escaped(writer, pair->value);
	put_text(writer, ".");
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && text_equal(a, b));
}

_Static_assert(offsetof(struct context, task) == 0, "offsets are those in the task, too");

/* True where the member is what context_complete() will make it again. */
static bool is_implied(const struct flyte_task_context *task, size_t offset)
{
	const struct flyte_action_id *a = &task->action, *t = &task->task_action;

	if (offset == offsetof(struct flyte_task_context, action.run_name))
		return same(a->run_name, a->name);
	if (offset < offsetof(struct flyte_task_context, task_action) ||
	    offset >= offsetof(struct flyte_task_context, version))
		return false;
	if (same(a->name, t->name) && same(a->run_name, t->run_name) &&
	    same(a->project, t->project) && same(a->domain, t->domain) && same(a->org, t->org))
		return true;
	return offset == offsetof(struct flyte_task_context, task_action.run_name) &&
	       same(t->run_name, t->name);
}

static void put_strings(struct writer *writer, const struct context *context)
{
	for (size_t i = 0; i < WIRE_STRINGS; i++) {
		size_t offset = wire_strings[i].offset;
		const char *const *member =
			(const char *const *)(const void *)((const char *)context + offset);

		if (!is_implied(&context->task, offset))
			put_field(writer, wire_strings[i].tag, *member);
	}
}

static void put_scalars(struct writer *writer, const struct context *context)
{
	const struct flyte_task_context *task = &context->task;
	char number[TEXT_INT64_MAX + 1];
	char mode[] = { WIRE_MODES[task->mode], '\0' };
	char flags[4];
	size_t count = 0;

	if (task->mode != FLYTE_MODE_UNSET)
		put_field(writer, WIRE_TAG_MODE, mode);
	if (task->run_start_time) {
		number[text_from_int64(number, task->run_start_time)] = '\0';
		put_field(writer, WIRE_TAG_START, number);
	}
	if (task->disable_run_cache)
		flags[count++] = 'd';
	if (task->interactive_mode)
		flags[count++] = 'i';
	if (task->in_trace)
		flags[count++] = 't';
	flags[count] = '\0';
	put_field(writer, WIRE_TAG_FLAGS, count ? flags : NULL);
	put_field(writer, WIRE_TAG_ATTEMPT, context->attempt_number);
}

static void put_body(struct writer *writer, const struct context *context)
{
	const struct flyte_task_context *task = &context->task;

	put_strings(writer, context);
	put_scalars(writer, context);
	for (size_t i = 0; i < task->custom_context.count; i++)
		put_pair(writer, WIRE_TAG_PAIR, &task->custom_context.items[i]);
	for (size_t i = 0; i < context->metadata.count; i++)
		put_pair(writer, WIRE_TAG_METADATA, &context->metadata.items[i]);
	put(writer, context->unknown.start, context->unknown.length);
}

static void put_header(struct writer *writer, size_t body)
{
	char number[TEXT_INT64_MAX];

	put_text(writer, "1.");
	put(writer, number, text_from_int64(number, (int64_t)body));
	put_text(writer, ".");
}

size_t wire_body_length(const struct context *context)
{
	struct writer body = { NULL, 0 };

	put_body(&body, context);
	return body.length;
}

static size_t escaped_length(const char *value)
{
	size_t length = 0;

	for (; *value; value++)
		length += wire_is_literal((unsigned char)*value) ? 1 : 3;
	return length;
}

size_t wire_pair_length(const struct flyte_pair *pair)
{
	return sizeof(WIRE_TAG_PAIR "-" WIRE_PAIR_MARK ".") - 1 + escaped_length(pair->key) +
	       escaped_length(pair->value);
}

size_t wire_length_of(size_t body_length)
{
	size_t digits = 1;

	for (size_t rest = body_length; rest >= 10; rest /= 10)
		digits++;
	return sizeof("1..") - 1 + digits + body_length;
}

size_t wire_length(const struct context *context)
{
	return wire_length_of(wire_body_length(context));
}

void wire_encode(const struct context *context, size_t length, char *to)
{
	struct writer writer = { to, 0 };

	put_header(&writer, wire_body_length(context));
	put_body(&writer, context);
	to[length] = '\0';
}
