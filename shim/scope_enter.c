/* SPDX-License-Identifier: Apache-2.0 */
/* See scope_enter.h. */
#include <errno.h>

#include "real.h"
#include "scope_enter.h"
#include "scope_memory.h"
#include "state.h"

flyte_token scope_fail(int error)
{
	real_set_errno(error);
	return 0;
}

static void point_at_own(struct scope_entered *entered)
{
	const struct context *context = &entered->context;

	atomic_init(&entered->scope.context, context);
	atomic_init(&entered->scope.view, context_has_task(context) ? &context->task : NULL);
}

flyte_token scope_push_made(struct scope_entered *entered, struct scope *outer)
{
	flyte_token token;

	point_at_own(entered);
	token = scope_push(&entered->scope, outer);
	if (token)
		return token;
	scope_memory_put_aside(&entered->scope, false);
	return SCOPE_AGAIN;
}

int scope_check_pairs(const struct flyte_pair *pairs, size_t count, size_t *size)
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

/*
 * Through the carrier and back: a deep copy, that is what a child decodes too. NULL with errno
 * where it fails.
 */
static struct scope_entered *copy(const struct context *changed, struct scope *dead)
{
	size_t length = wire_length(changed);
	size_t pairs = changed->task.custom_context.count, metadata = changed->metadata.count;
	size_t memory = (pairs + metadata) * sizeof(struct flyte_pair) + context_index_size(pairs);
	struct scope_entered *entered;
	struct wire_size size;
	char *text;

	if (length > WIRE_MAX) {
		scope_memory_free(dead);
		real_set_errno(E2BIG);
		return NULL;
	}
	/* The pairs, the index and the strings of what is decoded, then the carrier. */
	entered = scope_memory_take(dead, memory + length + sizeof(WIRE_PREFIX) + length);
	if (!entered) {
		real_set_errno(ENOMEM);
		return NULL;
	}
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
	return entered;
}

/* Makes a change in a copy of the current context. */
typedef void change_function(struct context *context, const void *given);

static flyte_token enter_changed(change_function *change, const void *given)
{
	flyte_token token;

	do {
		struct scope *dead = scope_memory_dead(), *outer = scope_current();
		struct context changed = *scope_context_of(outer);

		struct scope_entered *entered;

		change(&changed, given);
		entered = copy(&changed, dead);
		token = entered ? scope_push_made(entered, outer) : 0;
	} while (token == SCOPE_AGAIN);
	return token;
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

static void set_group(struct context *context, const void *name)
{
	context->task.group = name;
}

flyte_token scope_enter_group(const char *name)
{
	if (!context_has_task(scope_context()))
		return FLYTE_TOKEN_NONE;
	if (!name || !*name)
		return scope_fail(EINVAL);
	return enter_changed(set_group, name);
}

static void set_raw_data(struct context *context, const void *raw_data)
{
	context->raw_data = *(const struct flyte_raw_data_path *)raw_data;
}

flyte_token scope_enter_raw_data(const struct flyte_raw_data_path *raw_data)
{
	if (state()->inert)
		return FLYTE_TOKEN_NONE;
	if (!raw_data || !raw_data->path || !is_sound(raw_data))
		return scope_fail(EINVAL);
	return enter_changed(set_raw_data, raw_data);
}

static void set_metadata(struct context *context, const void *list)
{
	context->metadata = *(const struct flyte_pair_list *)list;
}

flyte_token scope_enter_metadata(const struct flyte_pair *pairs, size_t count)
{
	struct flyte_pair_list list = { count, pairs };
	size_t size;
	int error;

	if (state()->inert)
		return FLYTE_TOKEN_NONE;
	error = scope_check_pairs(pairs, count, &size);
	return error ? scope_fail(error) : enter_changed(set_metadata, &list);
}

static void set_trace(struct context *context, const void *action)
{
	context->task.action = *(const struct flyte_action_id *)action;
	context->task.in_trace = true;
	context_complete(context);
}

flyte_token scope_enter_trace(const struct flyte_action_id *action)
{
	if (!context_has_task(scope_context()))
		return FLYTE_TOKEN_NONE;
	if (!action || !action->name || !*action->name)
		return scope_fail(EINVAL);
	return enter_changed(set_trace, action);
}

static void unset_if_empty(const char **name)
{
	if (*name && !**name)
		*name = NULL;
}

/* What the caller's header knew of the struct, the rest unset. Returns an error number, or 0. */
static int take_task(const struct flyte_task_context *given, struct flyte_task_context *task)
{
	size_t pairs;

	*task = (struct flyte_task_context) { 0 };
	if (!given || given->size < offsetof(struct flyte_task_context, version))
		return EINVAL;
	text_copy((char *)task, (const char *)given,
		  given->size < sizeof(*task) ? given->size : sizeof(*task));
	unset_if_empty(&task->action.run_name);
	unset_if_empty(&task->task_action.name);
	if ((unsigned)task->mode > FLYTE_MODE_HYBRID || !task->action.name || !*task->action.name ||
	    !is_sound(&task->raw_data_path))
		return EINVAL;
	return scope_check_pairs(task->custom_context.items, task->custom_context.count, &pairs);
}

static void set_task(struct context *context, const void *task)
{
	context->task = *(const struct flyte_task_context *)task;
	context_complete(context);
}

flyte_token scope_enter_task(const struct flyte_task_context *given)
{
	struct flyte_task_context task;
	int error;

	if (state()->inert)
		return FLYTE_TOKEN_NONE;
	error = take_task(given, &task);
	return error ? scope_fail(error) : enter_changed(set_task, &task);
}

const struct flyte_task_context *scope_new_task(const struct flyte_task_context *given)
{
	struct context made = { 0 };
	struct scope_entered *entered;
	int error = state()->inert ? ENOSYS : take_task(given, &made.task);

	if (error)
		real_set_errno(error);
	else
		context_complete(&made);
	entered = error ? NULL : copy(&made, scope_memory_dead());
	if (!entered)
		return NULL;
	entered->scope.outer = scope_of(NULL);
	entered->scope.token = FLYTE_TOKEN_NONE;
	point_at_own(entered);
	return &entered->context.task;
}
