/* SPDX-License-Identifier: Apache-2.0 */
/* See scope_enter.h. */
#include <errno.h>

#include "real.h"
#include "scope_enter.h"
#include "scope_memory.h"
#include "state.h"

static flyte_token fail(int error)
{
	real_set_errno(error);
	return 0;
}

/* Points the scope at its own context, and makes it current. */
static flyte_token push(struct scope_entered *entered)
{
	const struct context *context = &entered->context;

	atomic_init(&entered->scope.context, context);
	atomic_init(&entered->scope.view, context_has_task(context) ? &context->task : NULL);
	return scope_push(&entered->scope);
}

/* Are these pairs ones that a context can have? `size` is that of their strings. */
static int check_pairs(const struct flyte_pair *pairs, size_t count, size_t *size)
{
	if (count && !pairs)
		return EINVAL;
	*size = 0;
	for (size_t i = 0; i < count; i++) {
		if (!pairs[i].key || !*pairs[i].key || !pairs[i].value)
			return EINVAL;
		*size += text_length(pairs[i].key) + text_length(pairs[i].value) + 2;
		if (*size > WIRE_MAX)
			return E2BIG;
	}
	return 0;
}

static char *copy_string(const char *text, char **to)
{
	char *copy = *to;

	*to = text_copy(copy, text, text_length(text) + 1);
	return copy;
}

/* --- the custom context: fast, since programs enter it in loops --- */

/* At most so much longer does the carrier become. */
static size_t length_of_pairs(const struct flyte_pair *pairs, size_t count)
{
	size_t length = 0;

	for (size_t i = 0; i < count; i++)
		length += wire_pair_length(&pairs[i]);
	return length;
}

/* Adds a pair, and what it changes in the length of the carrier. */
static void put(struct context_pairs *pairs, struct flyte_pair pair, size_t *body_length)
{
	const char *old;

	if (context_key_is_reserved(pair.key))
		return;
	old = context_pairs_put(pairs, pair);
	if (old)
		*body_length -= wire_pair_length(&(struct flyte_pair) { pair.key, old });
	*body_length += wire_pair_length(&pair);
}

/*
 * The pairs of `base`, then the given ones; the memory behind the scope takes both, the index, the
 * given strings and the carrier. Strings of the base belong to an outer scope, which this one
 * keeps alive.
 */
static void merge(struct scope_entered *entered, const struct context *base,
		  const struct flyte_pair *given, size_t count)
{
	size_t capacity = base->task.custom_context.count + count;
	struct flyte_pair *items = (struct flyte_pair *)(void *)(entered + 1);
	uint16_t *index = (uint16_t *)(void *)(items + capacity);
	char *strings = (char *)index + context_index_size(capacity);
	size_t body_length = scope_body_length();
	struct context_pairs pairs;

	context_pairs_continue(&pairs, base, items, index, capacity);
	for (size_t i = 0; i < count; i++) {
		struct flyte_pair pair = { copy_string(given[i].key, &strings),
					   copy_string(given[i].value, &strings) };

		put(&pairs, pair, &body_length);
	}
	atomic_init(&entered->scope.body_length, body_length);
	entered->scope.carrier = strings;
	/* An assignment would be a string instruction, which takes twice as long. */
	text_copy((char *)&entered->context, (const char *)base, sizeof(*base));
	context_set_pairs(&entered->context, &pairs);
}

flyte_token scope_enter_pairs(const struct flyte_pair *pairs, size_t count)
{
	const struct context *base = scope_context();
	size_t size, capacity, carrier;
	struct scope_entered *entered;
	int error;

	if (!context_has_task(base))
		return FLYTE_TOKEN_NONE;
	error = check_pairs(pairs, count, &size);
	capacity = base->task.custom_context.count + count;
	if (error || capacity > CONTEXT_PAIRS_MAX)
		return fail(error ? error : E2BIG);
	carrier = wire_length_of(scope_body_length() + length_of_pairs(pairs, count));
	entered = scope_memory_take(capacity * sizeof(*pairs) + context_index_size(capacity) +
				    size + sizeof(WIRE_PREFIX) + carrier);
	if (!entered)
		return fail(ENOMEM);
	merge(entered, base, pairs, count);
	if (wire_length_of(entered->scope.body_length) > WIRE_MAX) {
		scope_memory_put_aside(&entered->scope);
		return fail(E2BIG);
	}
	return push(entered);
}

/* --- all other changes: through the carrier and back, a deep copy that a child decodes too --- */

static flyte_token enter_copy(const struct context *changed)
{
	size_t length = wire_length(changed);
	size_t pairs = changed->task.custom_context.count, metadata = changed->metadata.count;
	size_t memory = (pairs + metadata) * sizeof(struct flyte_pair) + context_index_size(pairs);
	struct scope_entered *entered;
	struct wire_size size;
	char *text;

	if (length > WIRE_MAX)
		return fail(E2BIG);
	/* The pairs, the index and the strings of what is decoded, then the carrier. */
	entered = scope_memory_take(memory + length + sizeof(WIRE_PREFIX) + length);
	if (!entered)
		return fail(ENOMEM);
	entered->scope.carrier = (char *)(entered + 1) + memory + length;
	text = entered->scope.carrier + sizeof(WIRE_PREFIX) - 1;
	wire_encode(changed, length, text);
	if (wire_check(text, &size) == WIRE_OK) {
		wire_decode(text, &size, entered + 1, &entered->context);
	} else { /* nothing at all: outside a task, without raw data and metadata */
		entered->context = *changed;
		entered->scope.carrier = NULL;
	}
	/* What was decoded has lost reserved and repeated keys: it is encoded when it is needed. */
	atomic_init(&entered->scope.body_length, wire_body_length(&entered->context));
	return push(entered);
}

/* Unset, or two prefixes that differ. */
static bool is_sound(const struct flyte_raw_data_path *raw_data)
{
	const char *old = raw_data->path_rewrite.old_prefix;
	const char *new = raw_data->path_rewrite.new_prefix;

	if (!old && !new)
		return true;
	return old && new &&*old &&*new && !text_equal(old, new);
}

flyte_token scope_enter_group(const char *name)
{
	struct context changed = *scope_context();

	if (!context_has_task(&changed))
		return FLYTE_TOKEN_NONE;
	if (!name || !*name)
		return fail(EINVAL);
	changed.task.group = name;
	return enter_copy(&changed);
}

flyte_token scope_enter_raw_data(const struct flyte_raw_data_path *raw_data)
{
	struct context changed = *scope_context();

	if (state()->inert)
		return FLYTE_TOKEN_NONE;
	if (!raw_data || !raw_data->path || !is_sound(raw_data))
		return fail(EINVAL);
	changed.raw_data = *raw_data;
	return enter_copy(&changed);
}

flyte_token scope_enter_metadata(const struct flyte_pair *pairs, size_t count)
{
	struct context changed = *scope_context();
	size_t size;
	int error = check_pairs(pairs, count, &size);

	if (state()->inert)
		return FLYTE_TOKEN_NONE;
	if (error)
		return fail(error);
	changed.metadata = (struct flyte_pair_list) { count, pairs };
	return enter_copy(&changed);
}

flyte_token scope_enter_trace(const struct flyte_action_id *action)
{
	struct context changed = *scope_context();

	if (!context_has_task(&changed))
		return FLYTE_TOKEN_NONE;
	if (!action || !action->name || !*action->name)
		return fail(EINVAL);
	changed.task.action = *action;
	changed.task.in_trace = true;
	context_complete(&changed);
	return enter_copy(&changed);
}

static void unset_if_empty(const char **name)
{
	if (*name && !**name)
		*name = NULL;
}

/* What the caller's header knew of the struct, the rest unset. Returns an error number, or 0. */
static int take_task(const struct flyte_task_context *given, struct context *context)
{
	struct flyte_task_context *task = &context->task;
	size_t pairs;

	*task = (struct flyte_task_context) { 0 };
	if (!given || given->size < offsetof(struct flyte_task_context, version))
		return EINVAL;
	text_copy((char *)task, (const char *)given,
		  given->size < sizeof(*task) ? given->size : sizeof(*task));
	unset_if_empty(&task->action.run_name);
	unset_if_empty(&task->task_action.name);
	if (!is_sound(&task->raw_data_path))
		return EINVAL;
	context_complete(context);
	if ((unsigned)task->mode > FLYTE_MODE_HYBRID || !task->action.name || !*task->action.name)
		return EINVAL;
	return check_pairs(task->custom_context.items, task->custom_context.count, &pairs);
}

flyte_token scope_enter_task(const struct flyte_task_context *given)
{
	struct context changed = *scope_context();
	int error = take_task(given, &changed);

	if (state()->inert)
		return FLYTE_TOKEN_NONE;
	return error ? fail(error) : enter_copy(&changed);
}
