/* SPDX-License-Identifier: Apache-2.0 */
/* See seen_context.h. */
#include "command/look/seen_context.h"
#include "command/terminal/memory.h"
#include "command/terminal/printable.h"

#include <string.h>

const char *seen_from_name(enum seen_from from)
{
	static const char *const names[] = { "live", "start", "none", "moved", "denied" };

	return names[from];
}

bool seen_has_context(const struct seen_context *context)
{
	return context->from == SEEN_LIVE || context->from == SEEN_START;
}

static bool is_same_text(const char *one, const char *other)
{
	return one == other || (one && other && !strcmp(one, other));
}

bool seen_is_same(const struct seen_context *one, const struct seen_context *other)
{
	if (seen_has_context(one) != seen_has_context(other) || one->count != other->count ||
	    (!seen_has_context(one) && one->from != other->from) ||
	    !is_same_text(one->action, other->action) || !is_same_text(one->run, other->run) ||
	    !is_same_text(one->group, other->group))
		return false;
	for (size_t i = 0; i < one->count; i++)
		if (strcmp(one->pairs[i].key, other->pairs[i].key) != 0 ||
		    strcmp(one->pairs[i].value, other->pairs[i].value) != 0)
			return false;
	return true;
}

static const char *keep_text(const char *text)
{
	return text ? memory_text("%s", text) : NULL;
}

struct seen_context seen_keep(const struct seen_context *context)
{
	struct flyte_pair *pairs = memory_get(context->count * sizeof(*pairs));

	for (size_t i = 0; i < context->count; i++)
		pairs[i] = (struct flyte_pair) { keep_text(context->pairs[i].key),
						 keep_text(context->pairs[i].value) };
	return (struct seen_context) { .from = context->from,
				       .action = keep_text(context->action),
				       .run = keep_text(context->run),
				       .group = keep_text(context->group),
				       .count = context->count,
				       .pairs = pairs };
}

void seen_write_custom(FILE *to, const struct seen_context *context)
{
	if (!context->count)
		fputc('-', to);
	for (size_t i = 0; i < context->count; i++) {
		if (i)
			fputc(',', to);
		printable_write(to, context->pairs[i].key);
		fputc('=', to);
		printable_write(to, context->pairs[i].value);
	}
}
