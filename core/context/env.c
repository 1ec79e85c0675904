/* SPDX-License-Identifier: Apache-2.0 */
/* See env.h. */
#include "env.h"
#include "preload_list.h"
#include "wire.h"

const char *env_get(char *const envp[], const char *name)
{
	const char *value = NULL;

	while (envp && *envp && !value)
		value = text_after(*envp++, name);
	return value;
}

/* What has to be known of the entries that are ours to change. */
struct findings {
	size_t carriers;       /* entries that are carriers */
	bool carrier_is_right; /* the first is what the child is to have */
	bool has_library;      /* the LD_PRELOAD that counts has it */
	bool any_library;      /* any LD_PRELOAD has it */
	size_t preloads;       /* bytes of all LD_PRELOAD entries */
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

static void look(char *const envp[], const struct env_wish *wish, struct env_plan *plan,
		 struct findings *found)
{
	size_t none = (size_t)-1, at;

	plan->carrier = plan->preload = none;
	for (at = 0; envp && envp[at]; at++) {
		const char *entry = envp[at], *list;

		/* Nearly every entry ends here: this loop is in the path of each exec. */
		if (*entry != *WIRE_PREFIX && *entry != *PRELOAD_PREFIX)
			continue;
		if (text_after(entry, WIRE_PREFIX))
			look_at_carrier(entry, at, wish, plan, found);
		else if ((list = text_after(entry, PRELOAD_PREFIX)))
			look_at_preload(entry, list, at, plan, found);
		else if (text_equal(entry, ENV_PROPAGATE_OFF))
			plan->strip = true;
	}
	plan->count = at;
	if (plan->carrier == none)
		plan->carrier = at;
	if (plan->preload == none)
		plan->preload = at;
}

static bool can_add_library(const char *library, const struct findings *found)
{
	return library && !found->has_library &&
	       found->preloads + sizeof(PRELOAD_PREFIX) + text_length(library) + 1 < ENV_STRING_MAX;
}

void env_plan(char *const envp[], const struct env_wish *wish, struct env_plan *plan)
{
	struct findings found = { 0 };

	*plan = (struct env_plan) { .strip = wish->strip };
	look(envp, wish, plan, &found);
	if (plan->strip) {
		plan->right = !found.carriers && !found.any_library;
	} else if (wish->carrier) {
		plan->add_library = can_add_library(wish->library, &found);
		plan->right = found.carriers == 1 && found.carrier_is_right && !plan->add_library;
	} else {
		plan->right = true;
	}
	/* Two entries may come to those that are there, and the NULL. */
	plan->memory = (plan->count + 3) * sizeof(char *) + found.preloads;
	if (plan->add_library)
		plan->memory += sizeof(PRELOAD_PREFIX) + text_length(wish->library) + 2;
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

/* The entry at place `at`, which may be one past the end: there, what was missing is added. */
static void put_wished(struct output *out, const char *entry, size_t at,
		       const struct env_wish *wish, const struct env_plan *plan)
{
	if (at == plan->carrier)
		put_entry(out, wish->carrier);
	if (at == plan->preload && plan->add_library)
		put_preload_with(out, entry ? text_after(entry, PRELOAD_PREFIX) : "",
				 wish->library);
	else if (entry && !text_after(entry, WIRE_PREFIX))
		put_entry(out, entry);
}

char **env_fill(char *const envp[], const struct env_wish *wish, const struct env_plan *plan,
		void *memory)
{
	struct output out = { memory, 0, (char *)((char **)memory + plan->count + 3) };

	for (size_t at = 0; at < plan->count; at++) {
		if (plan->strip)
			put_stripped(&out, envp[at]);
		else
			put_wished(&out, envp[at], at, wish, plan);
	}
	if (!plan->strip)
		put_wished(&out, NULL, plan->count, wish, plan);
	out.entries[out.count] = NULL;
	return out.entries;
}
