/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The custom context of scope_enter.h: fast, since programs enter it in loops. Nothing is encoded,
 * and strings of the context outside are shared with it.
 */
#include <errno.h>

#include "scope_enter.h"
#include "scope_memory.h"
#include "context/wire.h"

static char *copy_string(const char *text, char **to)
{
	char *copy = *to;

	*to = text_copy(copy, text, text_length(text) + 1);
	return copy;
}

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
static void merge(struct scope_entered *entered, struct scope *outer,
		  const struct flyte_pair *given, size_t count)
{
	const struct context *base = scope_context_of(outer);
	size_t capacity = base->task.custom_context.count + count;
	struct flyte_pair *items = (struct flyte_pair *)(void *)(entered + 1);
	uint16_t *index = (uint16_t *)(void *)(items + capacity);
	char *strings = (char *)index + context_index_size(capacity);
	size_t body_length = scope_body_length(outer);
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

/* `size` is that of the strings. */
static flyte_token try_pairs(const struct flyte_pair *pairs, size_t count, size_t size)
{
	struct scope *dead = scope_memory_dead(), *outer = scope_current();
	size_t capacity = scope_context_of(outer)->task.custom_context.count + count;
	size_t carrier = wire_length_of(scope_body_length(outer) + length_of_pairs(pairs, count));
	struct scope_entered *entered;

	if (capacity > CONTEXT_PAIRS_MAX) {
		scope_memory_free(dead);
		return scope_fail(E2BIG);
	}
	entered = scope_memory_take(dead, capacity * sizeof(*pairs) + context_index_size(capacity) +
						  size + sizeof(WIRE_PREFIX) + carrier);
	if (!entered)
		return scope_fail(ENOMEM);
	merge(entered, outer, pairs, count);
	if (wire_length_of(scope_body_length(&entered->scope)) <= WIRE_MAX)
		return scope_push_made(entered, outer);
	scope_memory_put_aside(&entered->scope, false);
	return scope_fail(E2BIG);
}

flyte_token scope_enter_pairs(const struct flyte_pair *pairs, size_t count)
{
	flyte_token token;
	size_t size;
	int error;

	if (!context_has_task(scope_context()))
		return FLYTE_TOKEN_NONE;
	error = scope_check_pairs(pairs, count, &size);
	if (error)
		return scope_fail(error);
	do
		token = try_pairs(pairs, count, size);
	while (token == SCOPE_AGAIN);
	return token;
}

const struct flyte_task_context *scope_new_pairs(const struct flyte_pair *pairs, size_t count)
{
	flyte_token token = scope_enter_pairs(pairs, count);
	struct scope *made = scope_current();

	if (!token || token == FLYTE_TOKEN_NONE)
		return NULL;
	/* No thread has entered it: a provider is asked where it is current. */
	made->token = FLYTE_TOKEN_NONE;
	scope_swap(scope_retain(made->outer));
	return atomic_load_explicit(&made->view, memory_order_relaxed);
}
