/* SPDX-License-Identifier: Apache-2.0 */
/* See scope_enter.h. */
#include <errno.h>

#include "real.h"
#include "scope_enter.h"
#include "state.h"

static flyte_token fail(int error)
{
	real_set_errno(error);
	return 0;
}

/* A new scope, empty but for one reference, and `extra` bytes behind it; or NULL. */
static struct scope *allocate(size_t extra)
{
	struct scope *scope;

	scope_free_released();
	scope = REAL(malloc)(sizeof(*scope) + extra);
	if (scope)
		*scope = (struct scope) { .references = 1 };
	return scope;
}

/* "FLYTE_CTX=..." of the context, or NULL with errno. The caller frees it. */
static char *make_carrier(const struct context *context)
{
	size_t length = wire_length(context);
	char *carrier;

	if (length > WIRE_MAX) {
		real_set_errno(E2BIG);
		return NULL;
	}
	carrier = REAL(malloc)(sizeof(WIRE_PREFIX) + length);
	if (!carrier)
		real_set_errno(ENOMEM);
	else
		wire_encode(context, length,
			    text_copy(carrier, WIRE_PREFIX, sizeof(WIRE_PREFIX) - 1));
	return carrier;
}

static flyte_token push(struct scope *scope)
{
	atomic_init(&scope->view, &scope->context.task);
	return scope_push(scope);
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

/*
 * The pairs of `base`, then the given ones; the memory behind the scope takes both, the index and
 * the given strings. Those of the base belong to an outer scope, which this one keeps alive.
 */
static void merge(struct scope *scope, const struct context *base, const struct flyte_pair *given,
		  size_t count)
{
	size_t inherited = base->task.custom_context.count, capacity = inherited + count;
	struct flyte_pair *items = (struct flyte_pair *)(void *)(scope + 1);
	uint16_t *index = (uint16_t *)(void *)(items + capacity);
	char *strings = (char *)index + context_index_size(capacity);
	struct context_pairs pairs;

	context_pairs_begin(&pairs, items, index, capacity);
	for (size_t i = 0; i < inherited; i++)
		context_pairs_put(&pairs, base->task.custom_context.items[i]);
	for (size_t i = 0; i < count; i++) {
		struct flyte_pair pair = { copy_string(given[i].key, &strings),
					   copy_string(given[i].value, &strings) };

		context_pairs_put(&pairs, pair);
	}
	scope->context = *base;
	context_set_pairs(&scope->context, &pairs);
}

flyte_token scope_enter_pairs(const struct flyte_pair *pairs, size_t count)
{
	const struct context *base = scope_context();
	struct scope *scope;
	size_t size, capacity;
	int error;

	if (!base)
		return FLYTE_TOKEN_NONE;
	error = check_pairs(pairs, count, &size);
	if (error)
		return fail(error);
	capacity = base->task.custom_context.count + count;
	if (capacity > CONTEXT_PAIRS_MAX)
		return fail(E2BIG);
	scope = allocate(capacity * sizeof(*pairs) + context_index_size(capacity) + size);
	if (!scope)
		return fail(ENOMEM);
	merge(scope, base, pairs, count);
	scope->carrier = make_carrier(&scope->context);
	if (!scope->carrier) {
		REAL(free)(scope);
		return 0;
	}
	return push(scope);
}

/* What the caller's header knew of the struct, the rest unset. Returns an error number, or 0. */
static int take_task(const struct flyte_task_context *given, struct context *context)
{
	struct flyte_task_context *task = &context->task;
	size_t pairs;

	*context = (struct context) { 0 };
	if (!given || given->size < offsetof(struct flyte_task_context, version))
		return EINVAL;
	text_copy((char *)task, (const char *)given,
		  given->size < sizeof(*task) ? given->size : sizeof(*task));
	context_complete(context);
	if ((unsigned)task->mode > FLYTE_MODE_HYBRID || !task->action.name || !*task->action.name)
		return EINVAL;
	return check_pairs(task->custom_context.items, task->custom_context.count, &pairs);
}

flyte_token scope_enter_context(const struct flyte_task_context *given)
{
	const struct context *base = scope_context();
	struct context context;
	struct wire_size size;
	struct scope *scope;
	char *carrier;
	int error;

	if (state()->inert)
		return FLYTE_TOKEN_NONE;
	error = take_task(given, &context);
	if (error)
		return fail(error);
	if (base) {
		context.attempt_number = base->attempt_number;
		context.unknown = base->unknown;
	}
	/* Through the carrier and back: a deep copy that is what a child will decode. */
	carrier = make_carrier(&context);
	if (!carrier)
		return 0;
	wire_check(carrier + sizeof(WIRE_PREFIX) - 1, &size);
	scope = allocate(size.memory);
	if (!scope) {
		REAL(free)(carrier);
		return fail(ENOMEM);
	}
	scope->carrier = carrier;
	wire_decode(carrier + sizeof(WIRE_PREFIX) - 1, &size, scope + 1, &scope->context);
	return push(scope);
}
