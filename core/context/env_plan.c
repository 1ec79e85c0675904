/* SPDX-License-Identifier: Apache-2.0 */
/* See env.h: env_plan(). */
#include "context/baggage.h"
#include "context/env_parts.h"
#include "context/preload_list.h"
#include "context/wire.h"

/* What has to be known of the entries that are ours to change. */
struct findings {
	size_t carriers;              /* entries that are carriers */
	bool carrier_is_right;        /* the first is what the child is to have */
	bool has_library;             /* the LD_PRELOAD that counts has it */
	bool any_library;             /* any LD_PRELOAD has it */
	bool traced;                  /* the loader is to list, not to run */
	size_t preloads;              /* bytes of all LD_PRELOAD entries */
	size_t library;               /* bytes of the path of what is added to it */
	const char *given[ENV_TRACE]; /* values that the caller gave, each NULL if unset */
};

static void look_at_carrier(const char *entry, size_t at, const struct env_wish *wish,
			    struct env_plan *plan, struct findings *found)
{
	if (found->carriers++)
		return;
	plan->carrier = at;
	found->carrier_is_right = wish->carrier && text_equal(entry, wish->carrier);
}

static void look_at_flyte(const char *entry, size_t at, const struct env_wish *wish,
			  struct env_plan *plan, struct findings *found)
{
	const char *rest;

	if (text_after(entry, WIRE_PREFIX))
		look_at_carrier(entry, at, wish, plan, found);
	else if ((rest = text_after(entry, ENV_PROPAGATE_OFF)) && !*rest)
		plan->strip = true;
}

static void look_at_preload(const char *entry, const char *list, size_t at, struct env_plan *plan,
			    struct findings *found)
{
	plan->preload = at;
	found->has_library = preload_list_find(list).length != 0;
	found->any_library |= found->has_library;
	found->preloads += text_length(entry) + 1;
}

static void look_at_loader(const char *entry, size_t at, struct env_plan *plan,
			   struct findings *found)
{
	const char *list = text_after(entry, PRELOAD_PREFIX);

	if (list)
		look_at_preload(entry, list, at, plan, found);
	else if (text_after(entry, ENV_TRACED))
		found->traced = true;
}

static void look_at_kept(const char *entry, struct env_plan *plan, struct findings *found)
{
	size_t which = env_kept(entry);

	plan->has_kept |= 1U << which;
	if (which < ENV_TRACE && !found->given[which])
		found->given[which] = text_after(entry, env_kept_names[which]);
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
	bool kept = wish->kept || wish->baggage || wish->trace;
	size_t none = (size_t)-1, at;

	plan->carrier = plan->preload = none;
	for (at = 0; envp && envp[at]; at++) {
		const char *entry = envp[at];

		/* Nearly every entry ends here: this loop is in the path of each exec. */
		if (!may_be_ours(*entry))
			continue;
		if (kept)
			look_at_kept(entry, plan, found);
		if (*entry == 'F')
			look_at_flyte(entry, at, wish, plan, found);
		else if (*entry == 'L')
			look_at_loader(entry, at, plan, found);
	}
	plan->count = at;
	if (plan->carrier == none)
		plan->carrier = at;
	if (plan->preload == none)
		plan->preload = at;
}

static bool can_add_library(const struct env_wish *wish, struct findings *found)
{
	if (!wish->library || found->traced || (!wish->foreign && found->has_library))
		return false;
	found->library = text_length(wish->library);
	return found->preloads + sizeof(PRELOAD_PREFIX) + found->library + 1 < ENV_STRING_MAX;
}

/* The value that the process was given at its start; NULL if unset. */
static const char *kept_value(const struct env_wish *wish, size_t which)
{
	const char *entry = wish->kept ? wish->kept[which] : NULL;

	return entry ? text_after(entry, env_kept_names[which]) : NULL;
}

static bool same(const char *a, const char *b)
{
	return a && b ? text_equal(a, b) : a == b;
}

/* The custom context has it, and the caller sets no other: what is there is inherited. */
static bool is_from_context(const struct env_wish *wish, const struct findings *found, size_t which)
{
	const char *given = found->given[which];

	return wish->trace[which] && (!given || text_equal(given, wish->trace[which]) ||
				      same(given, kept_value(wish, which)));
}

/* The variables that the custom context decides; notes those that are not as it says. */
static unsigned plan_trace(const struct env_wish *wish, const struct findings *found,
			   struct env_plan *plan)
{
	unsigned decided = 0;

	/* The state goes with its trace: an inherited one is of another. */
	if (is_from_context(wish, found, ENV_TRACEPARENT))
		decided |= 1U << ENV_TRACEPARENT | 1U << ENV_TRACESTATE;
	if (is_from_context(wish, found, ENV_BAGGAGE))
		decided |= 1U << ENV_BAGGAGE;
	for (size_t i = 0; decided >> i; i++)
		if (decided >> i & 1 && !same(found->given[i], wish->trace[i]))
			plan->replaced |= 1U << i;
	return decided;
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

/* A pair that is none of a trace. */
static bool has_members(const struct flyte_pair_list *pairs)
{
	size_t i = 0;

	while (i < pairs->count && env_trace_has(pairs->items[i].key))
		i++;
	return i < pairs->count;
}

static const char *baggage_to_write(const struct env_wish *wish, const struct findings *found)
{
	const char *kept = kept_value(wish, ENV_BAGGAGE);

	if (!wish->baggage || !has_members(wish->baggage))
		return NULL;
	if (wish->trace && is_from_context(wish, found, ENV_BAGGAGE))
		return wish->trace[ENV_BAGGAGE];
	if (found->given[ENV_BAGGAGE])
		return found->given[ENV_BAGGAGE];
	return kept ? kept : "";
}

static void plan_wished(const struct env_wish *wish, struct findings *found, struct env_plan *plan)
{
	plan->add_library = can_add_library(wish, found);
	plan->foreign = wish->foreign || found->traced;
	plan->add_kept = lacking(wish, plan);
	if (wish->trace)
		plan->add_kept &= ~plan_trace(wish, found, plan);
	plan->baggage = baggage_to_write(wish, found);
	plan->right = found->carriers == 1 && found->carrier_is_right && !plan->add_library &&
		      !plan->add_kept && !plan->replaced && !plan->baggage &&
		      !(plan->foreign && found->any_library);
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
	plan->memory = (plan->count + ENV_MAY_COME) * sizeof(char *) + found.preloads;
	if (plan->foreign)
		plan->memory += found.preloads;
	if (plan->add_library)
		plan->memory += sizeof(PRELOAD_PREFIX) + found.library + 2;
	for (size_t i = 0; plan->replaced >> i; i++)
		if (wish->trace[i])
			plan->memory += sizeof(*env_kept_names) + text_length(wish->trace[i]) + 1;
	if (plan->baggage)
		plan->memory +=
			sizeof(ENV_BAGGAGE_PREFIX) + baggage_room(plan->baggage, wish->baggage);
}
