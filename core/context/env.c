/* SPDX-License-Identifier: Apache-2.0 */
/* See env.h. */
#include "context/baggage.h"
#include "context/env.h"
#include "context/preload_list.h"
#include "context/wire.h"

/* To the entries that are there: carrier, LD_PRELOAD, those that are kept, and the NULL. */
#define MAY_COME       (2 + ENV_KEPT + 1)
#define BAGGAGE_PREFIX "BAGGAGE="

const char *env_get(char *const envp[], const char *name)
{
	const char *value = NULL;

	while (envp && *envp && !value)
		value = text_after(*envp++, name);
	return value;
}

const char *env_value(char *const envp[], const char *name)
{
	const char *value = env_get(envp, name);

	return value && *value ? value : NULL;
}

static const char kept_names[ENV_KEPT][20] = { "TRACEPARENT=", "TRACESTATE=", BAGGAGE_PREFIX,
					       "FLYTECTX_BAGGAGE=" };

EVERY_START size_t env_kept(const char *entry)
{
	size_t i = 0;

	while (i < ENV_KEPT && !text_after(entry, kept_names[i]))
		i++;
	return i;
}

/* What has to be known of the entries that are ours to change. */
struct findings {
	size_t carriers;       /* entries that are carriers */
	bool carrier_is_right; /* the first is what the child is to have */
	bool has_library;      /* the LD_PRELOAD that counts has it */
	bool any_library;      /* any LD_PRELOAD has it */
	size_t preloads;       /* bytes of all LD_PRELOAD entries */
	const char *baggage;   /* the value that the caller gave, or NULL */
};

static void look_at_carrier(const char *entry, size_t at, const struct env_wish *wish,
			    struct env_plan *plan, struct findings *found)
{
	if (found->carriers++)
		return;
	plan->carrier = at;
	found->carrier_is_right = wish->carrier && text_equal(entry, wish->carrier);
}

static void look_at_preload(const char *entry, const char *list, size_t at, struct env_plan *plan,
			    struct findings *found)
{
	plan->preload = at;
	found->has_library = preload_list_find(list).length != 0;
	found->any_library |= found->has_library;
	found->preloads += text_length(entry) + 1;
}

static void look_at_kept(const char *entry, struct env_plan *plan, struct findings *found)
{
	size_t which = env_kept(entry);

	plan->has_kept |= 1U << which;
	if (which == ENV_BAGGAGE && !found->baggage)
		found->baggage = text_after(entry, kept_names[ENV_BAGGAGE]);
}

/* False for most that is none of B, F, L, T, with which our variables begin. */
static bool may_be_ours(char first)
{
	const uint32_t letters =
		1U << ('B' & 31) | 1U << ('F' & 31) | 1U << ('L' & 31) | 1U << ('T' & 31);

	return letters >> (first & 31) & 1;
}

static void look(char *const envp[], const struct env_wish *wish, struct env_plan *plan,
		 struct findings *found)
{
	size_t none = (size_t)-1, at;

	plan->carrier = plan->preload = none;
	for (at = 0; envp && envp[at]; at++) {
		const char *entry = envp[at], *list, *rest;

		/* Nearly every entry ends here: this loop is in the path of each exec. */
		if (!may_be_ours(*entry))
			continue;
		if (wish->kept || wish->baggage)
			look_at_kept(entry, plan, found);
		if (text_after(entry, WIRE_PREFIX))
			look_at_carrier(entry, at, wish, plan, found);
		else if ((list = text_after(entry, PRELOAD_PREFIX)))
			look_at_preload(entry, list, at, plan, found);
		else if ((rest = text_after(entry, ENV_PROPAGATE_OFF)) && !*rest)
			plan->strip = true;
	}
	plan->count = at;
	if (plan->carrier == none)
		plan->carrier = at;
	if (plan->preload == none)
		plan->preload = at;
}

static bool can_add_library(const struct env_wish *wish, const struct findings *found)
{
	return wish->library && (wish->foreign || !found->has_library) &&
	       found->preloads + sizeof(PRELOAD_PREFIX) + text_length(wish->library) + 1 <
		       ENV_STRING_MAX;
}

/* Which of the kept variables the child's environment lacks: a bit each. */
static unsigned lacking(const struct env_wish *wish, const struct env_plan *plan)
{
	unsigned bits = 0;

	if (!wish->kept)
		return 0;
	for (size_t i = 0; i < ENV_KEPT; i++)
		if (wish->kept[i] && !(plan->has_kept & 1U << i))
			bits |= 1U << i;
	return bits;
}

static const char *baggage_to_write(const struct env_wish *wish, const struct findings *found)
{
	const char *kept = wish->kept ? wish->kept[ENV_BAGGAGE] : NULL;

	if (!wish->baggage || !wish->baggage->count)
		return NULL;
	if (found->baggage)
		return found->baggage;
	return kept ? kept + sizeof(BAGGAGE_PREFIX) - 1 : "";
}

static void plan_wished(const struct env_wish *wish, const struct findings *found,
			struct env_plan *plan)
{
	plan->add_library = can_add_library(wish, found);
	plan->add_kept = lacking(wish, plan);
	plan->baggage = baggage_to_write(wish, found);
	plan->right = found->carriers == 1 && found->carrier_is_right && !plan->add_library &&
		      !plan->add_kept && !plan->baggage && !(wish->foreign && found->any_library);
}

void env_plan(char *const envp[], const struct env_wish *wish, struct env_plan *plan)
{
	struct findings found = { 0 };

	*plan = (struct env_plan) { .strip = wish->strip };
	look(envp, wish, plan, &found);
	if (plan->strip) {
		plan->right = !found.carriers && !found.any_library;
	} else if (wish->carrier) {
		plan_wished(wish, &found, plan);
	} else {
		plan->right = true;
	}
	plan->memory = (plan->count + MAY_COME) * sizeof(char *) + found.preloads;
	if (wish->foreign)
		plan->memory += found.preloads;
	if (plan->add_library)
		plan->memory += sizeof(PRELOAD_PREFIX) + text_length(wish->library) + 2;
	if (plan->baggage)
		plan->memory += sizeof(BAGGAGE_PREFIX) + baggage_room(plan->baggage, wish->baggage);
}

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
	else if (!text_after(entry, WIRE_PREFIX))
		put_entry(out, entry);
}

static void put_preload(struct output *out, const char *entry, const char *list, bool is_last,
			const struct env_wish *wish, const struct env_plan *plan)
{
	if (is_last && plan->add_library)
		put_preload_with(out, wish->foreign ? without(out, list) : list, wish->library);
	else if (entry && wish->foreign)
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
	else if (entry && !text_after(entry, WIRE_PREFIX) &&
		 !(plan->baggage && text_after(entry, BAGGAGE_PREFIX)))
		put_entry(out, entry);
}

static void put_baggage(struct output *out, const char *list, const struct flyte_pair_list *pairs)
{
	char *value = text_copy(out->text, BAGGAGE_PREFIX, sizeof(BAGGAGE_PREFIX) - 1);

	put_entry(out, out->text);
	out->text = value + baggage_merge(list, pairs, value) + 1;
}

/* What the environment lacks, behind what it has. */
static void put_missing(struct output *out, const struct env_wish *wish,
			const struct env_plan *plan)
{
	put_wished(out, NULL, plan->count, wish, plan);
	for (size_t i = 0; plan->add_kept >> i; i++)
		if (plan->add_kept & 1U << i && !(i == ENV_BAGGAGE && plan->baggage))
			put_entry(out, wish->kept[i]);
	if (plan->baggage)
		put_baggage(out, plan->baggage, wish->baggage);
}

char **env_fill(char *const envp[], const struct env_wish *wish, const struct env_plan *plan,
		void *memory)
{
	struct output out = { memory, 0, (char *)((char **)memory + plan->count + MAY_COME) };

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
