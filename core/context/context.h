/* SPDX-License-Identifier: Apache-2.0 */
/*
 * context - the value that flytectx carries (SPEC 1.2): what programs see of it, and the little
 * more that has to survive the way to a child.
 *
 * Pure: no libc, no globals, no errno; memory is the caller's. Not here: how it is written down
 * (wire), where it comes from in a pod (pod_env), which one is current (shim/scope).
 */
#ifndef FLYTECTX_CONTEXT_H
#define FLYTECTX_CONTEXT_H

#include "flyte_ctx.h"
#include "context/text.h"

struct context {
	struct flyte_task_context task;      /* no action name: outside a task */
	struct flyte_raw_data_path raw_data; /* for what has none in its task */
	struct flyte_pair_list metadata;
	const char *attempt_number; /* as FLYTE_ATTEMPT_NUMBER spelt it; NULL if unset */
	struct text_span unknown;   /* fields of a newer version, as the carrier had them */
	const uint16_t *index;      /* finds pairs by key; NULL: there are few, look at each */
	size_t index_mask;
};

/* Is this inside a task? */
static inline bool context_has_task(const struct context *context)
{
	return context->task.action.name != NULL;
}

/* The largest number of pairs that an index can point at; a carrier has room for fewer. */
#define CONTEXT_PAIRS_MAX 32767

/* Keys that the SDK puts on the wire for itself; never shown, never handed on (SPEC 3.16). */
bool context_key_is_reserved(const char *key);

/* The value of `key` in the custom context, borrowed; NULL if unset. */
const char *context_lookup(const struct context *context, const char *key);

/* Fills what follows from other members where it is unset: run_name, task_action, size. */
void context_complete(struct context *context);

/*
 * A custom context being made, in memory of the caller: room for `capacity` pairs, and for the
 * index that context_index_size(capacity) asks for (bytes; 0: none needed).
 */
struct context_pairs {
	struct flyte_pair *items;
	size_t count;
	uint16_t *index;
	size_t index_mask;
};

size_t context_index_size(size_t capacity);
void context_pairs_begin(struct context_pairs *pairs, void *items, void *index, size_t capacity);

/* The same, starting with the custom context that `context` has. */
void context_pairs_continue(struct context_pairs *pairs, const struct context *context, void *items,
			    void *index, size_t capacity);

/*
 * Adds a pair; where the key is there already, the value replaces the old one and the place
 * stays: then the old value is returned, else NULL. A reserved key is left out. The strings are
 * borrowed.
 */
const char *context_pairs_put(struct context_pairs *pairs, struct flyte_pair pair);

/* Makes `pairs` the custom context. */
void context_set_pairs(struct context *context, const struct context_pairs *pairs);

#endif
