/* SPDX-License-Identifier: Apache-2.0 */
/* See env.h: env_fill(). */
#include "context/baggage.h"
#include "context/env_parts.h"
#include "context/preload_list.h"
#include "context/wire.h"

/* The environment being written: entries from the front, new strings behind them. */
struct output {
	char **entries;
	size_t count;
	char *text;
};

static void put_entry(struct output *out, const char *entry)
{
	out->entries[out->count++] = (char *)(uintptr_t)entry; /* as execve's own type has it */
}

static void put_preload_with(struct output *out, const char *list, const char *library)
{
	char *entry = out->text;
	char *value = text_copy(entry, PRELOAD_PREFIX, sizeof(PRELOAD_PREFIX) - 1);

	put_entry(out, entry);
	out->text = value + preload_list_add(list, library, value) + 1;
}

/* The list without ours, as a string of its own where that makes a difference. */
static const char *without(struct output *out, const char *list)
{
	char *rest = out->text;

	if (!preload_list_find(list).length)
		return list;
	out->text += preload_list_remove(list, rest) + 1;
	return rest;
}

/* An LD_PRELOAD that had nothing but ours goes whole. */
static void put_preload_without(struct output *out, const char *entry, const char *list)
{
	char *value = text_copy(out->text, PRELOAD_PREFIX, sizeof(PRELOAD_PREFIX) - 1);
	size_t length;

	if (!preload_list_find(list).length) {
		put_entry(out, entry);
		return;
	}
	length = preload_list_remove(list, value);
	if (!length)
		return;
	put_entry(out, out->text);
	out->text = value + length + 1;
}

static void put_stripped(struct output *out, const char *entry)
{
	const char *list = text_after(entry, PRELOAD_PREFIX);

	if (list)
		put_preload_without(out, entry, list);
	else if (!text_after(entry, WIRE_PREFIX) && !text_after(entry, ENV_REPAIRED))
		put_entry(out, entry);
}

static void put_preload(struct output *out, const char *entry, const char *list, bool is_last,
			const struct env_wish *wish, const struct env_plan *plan)
{
	if (is_last && plan->add_library)
		put_preload_with(out, plan->foreign ? without(out, list) : list, wish->library);
	else if (entry && plan->foreign)
		put_preload_without(out, entry, list);
	else if (entry)
		put_entry(out, entry);
}

/* The entry at place `at`, which may be one past the end: there, what was missing is added. */
static void put_wished(struct output *out, const char *entry, size_t at,
		       const struct env_wish *wish, const struct env_plan *plan)
{
	const char *list = entry ? text_after(entry, PRELOAD_PREFIX) : NULL;

	if (at == plan->carrier)
		put_entry(out, wish->carrier);
	if (list || at == plan->preload)
		put_preload(out, entry, list ? list : "", at == plan->preload, wish, plan);
	else if (entry && !text_after(entry, WIRE_PREFIX) && !text_after(entry, ENV_REPAIRED) &&
		 !(plan->baggage && text_after(entry, ENV_BAGGAGE_PREFIX)) &&
		 !(plan->replaced && plan->replaced >> env_kept(entry) & 1))
		put_entry(out, entry);
}

static void put_baggage(struct output *out, const char *list, const struct flyte_pair_list *pairs)
{
	char *value = text_copy(out->text, ENV_BAGGAGE_PREFIX, sizeof(ENV_BAGGAGE_PREFIX) - 1);

	put_entry(out, out->text);
	out->text = value + baggage_merge(list, pairs, value) + 1;
}

/* What the custom context has of a trace, in place of what was inherited. */
static void put_trace(struct output *out, const struct env_wish *wish, const struct env_plan *plan)
{
	for (size_t i = 0; plan->replaced >> i; i++) {
		const char *name = env_kept_names[i], *value = wish->trace[i];
		char *entry = out->text;

		if (!(plan->replaced >> i & 1) || !value || (i == ENV_BAGGAGE && plan->baggage))
			continue;
		out->text = text_copy(entry, name, text_length(name));
		out->text = text_copy(out->text, value, text_length(value) + 1);
		put_entry(out, entry);
	}
}

/* What the environment lacks, behind what it has. */
static void put_missing(struct output *out, const struct env_wish *wish,
			const struct env_plan *plan)
{
	put_wished(out, NULL, plan->count, wish, plan);
	for (size_t i = 0; plan->add_kept >> i; i++)
		if (plan->add_kept & 1U << i && !(i == ENV_BAGGAGE && plan->baggage))
			put_entry(out, wish->kept[i]);
	put_trace(out, wish, plan);
	if (plan->baggage)
		put_baggage(out, plan->baggage, wish->baggage);
	if (wish->marker)
		put_entry(out, wish->marker);
}

char **env_fill(char *const envp[], const struct env_wish *wish, const struct env_plan *plan,
		void *memory)
{
	struct output out = { memory, 0, (char *)((char **)memory + plan->count + ENV_MAY_COME) };

	for (size_t at = 0; at < plan->count; at++) {
		if (plan->strip)
			put_stripped(&out, envp[at]);
		else
			put_wished(&out, envp[at], at, wish, plan);
	}
	if (!plan->strip)
		put_missing(&out, wish, plan);
	out.entries[out.count] = NULL;
	return out.entries;
}
