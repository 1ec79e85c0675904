/* SPDX-License-Identifier: Apache-2.0 */
/* See context.h. */
#include "context.h"

/* Below this many pairs a look at each is as fast as hashing, and needs no memory. */
#define FEW_PAIRS 8

bool context_key_is_reserved(const char *key)
{
	return text_equal(key, "_u_kickoff_time_input_arg");
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

	while (index[slot] && !text_equal(items[index[slot] - 1].key, key))
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
		if (text_equal(items[i].key, key))
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

void context_complete(struct context *context)
{
	struct flyte_task_context *task = &context->task;

	task->size = sizeof(*task);
	if (!task->action.run_name)
		task->action.run_name = task->action.name;
	if (!task->task_action.name)
		task->task_action = task->action;
	else if (!task->task_action.run_name)
		task->task_action.run_name = task->task_action.name;
	if (!task->raw_data_path.path_rewrite.old_prefix ||
	    !task->raw_data_path.path_rewrite.new_prefix) {
		task->raw_data_path.path_rewrite.old_prefix = NULL;
		task->raw_data_path.path_rewrite.new_prefix = NULL;
	}
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

void context_pairs_begin(struct context_pairs *pairs, void *items, void *index, size_t capacity)
{
	size_t slots = context_index_size(capacity) / sizeof(uint16_t);

	pairs->items = items;
	pairs->count = 0;
	pairs->index = slots ? index : NULL;
	pairs->index_mask = slots ? slots - 1 : 0;
	for (size_t i = 0; i < slots; i++)
		pairs->index[i] = 0;
}

void context_pairs_put(struct context_pairs *pairs, struct flyte_pair pair)
{
	size_t place;

	if (context_key_is_reserved(pair.key))
		return;
	place = find_pair(pairs->items, pairs->count, pairs->index, pairs->index_mask, pair.key);
	if (place < pairs->count) {
		pairs->items[place].value = pair.value;
		return;
	}
	if (pairs->index)
		pairs->index[find_slot(pairs->index, pairs->index_mask, pairs->items, pair.key)] =
			(uint16_t)(place + 1);
	pairs->items[place] = pair;
	pairs->count++;
}

void context_set_pairs(struct context *context, const struct context_pairs *pairs)
{
	context->task.custom_context.count = pairs->count;
	context->task.custom_context.items = pairs->items;
	context->index = pairs->index;
	context->index_mask = pairs->index_mask;
}
