/* SPDX-License-Identifier: Apache-2.0 */
/* See context.h. */
#include "context/context.h"

/* Below this many pairs a look at each is as fast as hashing, and needs no memory. */
#define FEW_PAIRS 16

/* Keys are short: byte by byte is faster than what text_equal() does for carriers. */
static bool same_key(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

bool context_key_is_reserved(const char *key)
{
	return *key == '_' && (text_equal(key, "_u_kickoff_time_input_arg") ||
			       text_equal(key, "_u_produced_artifacts"));
}

static size_t hash(const char *key)
{
	uint32_t sum = 2166136261U; /* FNV-1a */

	for (; *key; key++)
		sum = (sum ^ (unsigned char)*key) * 16777619U;
	return sum;
}

/* Where `key` is in the index, or the empty slot where it would go. */
static size_t find_slot(const uint16_t *index, size_t mask, const struct flyte_pair *items,
			const char *key)
{
	size_t slot = hash(key) & mask;

	while (index[slot] && !same_key(items[index[slot] - 1].key, key))
		slot = (slot + 1) & mask;
	return slot;
}

/* The place of `key` among the pairs, or `count`. */
static size_t find_pair(const struct flyte_pair *items, size_t count, const uint16_t *index,
			size_t mask, const char *key)
{
	if (index) {
		size_t slot = find_slot(index, mask, items, key);

		return index[slot] ? index[slot] - 1U : count;
	}
	for (size_t i = 0; i < count; i++)
		if (same_key(items[i].key, key))
			return i;
	return count;
}

const char *context_lookup(const struct context *context, const char *key)
{
	const struct flyte_pair *items = context->task.custom_context.items;
	size_t count = context->task.custom_context.count;
	size_t place = find_pair(items, count, context->index, context->index_mask, key);

	return place < count ? items[place].value : NULL;
}

/* Half a rewrite is none. */
static void complete_rewrite(struct flyte_raw_data_path *raw_data)
{
	if (raw_data->path_rewrite.old_prefix && raw_data->path_rewrite.new_prefix)
		return;
	raw_data->path_rewrite.old_prefix = NULL;
	raw_data->path_rewrite.new_prefix = NULL;
}

void context_complete(struct context *context)
{
	struct flyte_task_context *task = &context->task;

	task->size = sizeof(*task);
	complete_rewrite(&task->raw_data_path);
	complete_rewrite(&context->raw_data);
	if (!task->action.run_name)
		task->action.run_name = task->action.name;
	if (!task->task_action.name)
		task->task_action = task->action;
	else if (!task->task_action.run_name)
		task->task_action.run_name = task->task_action.name;
}

size_t context_index_size(size_t capacity)
{
	size_t slots = 2 * FEW_PAIRS;

	if (capacity <= FEW_PAIRS)
		return 0;
	while (slots < 2 * capacity)
		slots *= 2;
	return slots * sizeof(uint16_t);
}

static void set_memory(struct context_pairs *pairs, void *items, void *index, size_t capacity)
{
	size_t slots = context_index_size(capacity) / sizeof(uint16_t);

	pairs->items = items;
	pairs->count = 0;
	pairs->index = slots ? index : NULL;
	pairs->index_mask = slots ? slots - 1 : 0;
}

void context_pairs_begin(struct context_pairs *pairs, void *items, void *index, size_t capacity)
{
	set_memory(pairs, items, index, capacity);
	for (size_t i = 0; pairs->index && i <= pairs->index_mask; i++)
		pairs->index[i] = 0;
}

void context_pairs_continue(struct context_pairs *pairs, const struct context *context, void *items,
			    void *index, size_t capacity)
{
	const struct flyte_pair *from = context->task.custom_context.items;
	size_t count = context->task.custom_context.count;

	set_memory(pairs, items, index, capacity);
	/* An index of the same size is copied: hashing a thousand keys takes 20 us. */
	if (!pairs->index || (context->index && context->index_mask == pairs->index_mask)) {
		text_copy(items, (const char *)from, count * sizeof(*from));
		if (pairs->index)
			text_copy(index, (const char *)context->index,
				  context_index_size(capacity));
		pairs->count = count;
		return;
	}
	context_pairs_begin(pairs, items, index, capacity);
	for (size_t i = 0; i < count; i++)
		context_pairs_put(pairs, from[i]);
}

const char *context_pairs_put(struct context_pairs *pairs, struct flyte_pair pair)
{
	const char *old;
	size_t place;

	if (context_key_is_reserved(pair.key))
		return NULL;
	place = find_pair(pairs->items, pairs->count, pairs->index, pairs->index_mask, pair.key);
	if (place < pairs->count) {
		old = pairs->items[place].value;
		pairs->items[place].value = pair.value;
		return old;
	}
	if (pairs->index)
		pairs->index[find_slot(pairs->index, pairs->index_mask, pairs->items, pair.key)] =
			(uint16_t)(place + 1);
	pairs->items[place] = pair;
	pairs->count++;
	return NULL;
}

void context_set_pairs(struct context *context, const struct context_pairs *pairs)
{
	context->task.custom_context.count = pairs->count;
	context->task.custom_context.items = pairs->items;
	context->index = pairs->index;
	context->index_mask = pairs->index_mask;
}
