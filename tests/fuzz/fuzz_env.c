/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as an environment, one entry up to each NUL, the first byte choosing what the child is
 * to have: entries that are not ours are handed on by pointer and in order, what is written keeps
 * within the memory that was planned, and what comes out is right when it is looked at again.
 * Lists near the kernel's limit of 128 KiB are held by the unit test: they are slow.
 */
#include <stdbool.h>

#include "context/env.h"
#include "context/preload_list.h"
#include "require.h"
#include "context/wire.h"

/* The first byte of the input. */
enum choice {
	NO_CARRIER = 1,
	NO_LIBRARY = 2,
	STRIP = 4,
	NO_ENVP = 8,
};

static bool is_carrier(const char *entry)
{
	return !strncmp(entry, "FLYTE_CTX=", strlen("FLYTE_CTX="));
}

static bool is_preload(const char *entry)
{
	return !strncmp(entry, PRELOAD_PREFIX, strlen(PRELOAD_PREFIX));
}

static size_t count_of(char *const *envp)
{
	size_t count = 0;

	while (envp && envp[count])
		count++;
	return count;
}

static size_t count_carriers(char *const *envp)
{
	size_t count = 0;

	for (; *envp; envp++)
		count += is_carrier(*envp);
	return count;
}

/* The place of the last LD_PRELOAD, or the number of entries. */
static size_t last_preload(char *const *envp)
{
	size_t last = count_of(envp);

	for (size_t i = 0; envp[i]; i++)
		if (is_preload(envp[i]))
			last = i;
	return last;
}

static bool has_ours(const char *preload)
{
	return preload_list_find(preload + strlen(PRELOAD_PREFIX)).length != 0;
}

/* Entries that are neither carrier nor LD_PRELOAD: the same pointers in the same order. */
static void check_others(char *const *before, char *const *after)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (before[i] && (is_carrier(before[i]) || is_preload(before[i])))
			i++;
		while (after[k] && (is_carrier(after[k]) || is_preload(after[k])))
			k++;
		require(before[i] == after[k]);
		if (!before[i])
			return;
		i++;
		k++;
	}
}

/* The entry is `before` with our library in it. */
static void check_list_with_ours(const char *before, const char *after, const char *library)
{
	size_t name = strlen(PRELOAD_PREFIX);
	char *without = allocate(strlen(after) + 1);
	struct text_span found = preload_list_find(after + name);

	require(text_is(found, library));
	preload_list_remove(after + name, without);
	require(!strcmp(without, before ? before + name : ""));
	free(without);
}

/* Every LD_PRELOAD but the last is handed on by pointer; that one has ours, if there was room. */
static void check_preloads(char *const *before, char *const *after, const struct env_wish *wish,
			   bool added)
{
	size_t last = last_preload(before), last_after = last_preload(after), k = 0;

	for (size_t i = 0; i < last && before[i]; i++) {
		if (!is_preload(before[i]))
			continue;
		while (!is_preload(after[k]))
			k++;
		require(before[i] == after[k++]);
	}
	if (added)
		check_list_with_ours(before[last], after[last_after], wish->library);
	else
		require(before[last] == after[last_after]);
	require(!added || strlen(after[last_after]) + 1 <= ENV_STRING_MAX);
}

/* The carrier is where the first one was, or behind all that was there. */
static void check_carrier(char *const *before, char *const *after, const struct env_wish *wish)
{
	size_t first = 0;

	require(count_carriers(after) == 1);
	while (before[first] && !is_carrier(before[first]))
		first++;
	require(after[first] == wish->carrier);
}

static void check_wished(char *const *before, char *const *after, const struct env_wish *wish,
			 const struct env_plan *plan)
{
	struct env_plan again;

	check_carrier(before, after, wish);
	check_preloads(before, after, wish, plan->add_library);
	env_plan(after, wish, &again);
	require(again.right);
}

static void check_stripped(char *const *after, const struct env_wish *wish)
{
	struct env_plan again;

	require(count_carriers(after) == 0);
	for (size_t i = 0; after[i]; i++)
		require(!is_preload(after[i]) || !has_ours(after[i]));
	env_plan(after, wish, &again);
	require(again.right && again.strip);
}

/* What the caller's own environment must be like to be handed on as it is. */
static void check_right(char *const *envp, const struct env_wish *wish, const struct env_plan *plan)
{
	size_t last = last_preload(envp);

	if (plan->strip) {
		check_stripped(envp, wish);
		return;
	}
	if (!wish->carrier)
		return;
	require(count_carriers(envp) == 1);
	require(!strcmp(envp[plan->carrier], wish->carrier));
	if (wish->library)
		require(envp[last] && has_ours(envp[last]));
}

static void check_environment(char *const *envp, const struct env_wish *wish)
{
	static char *const empty[] = { NULL };
	char *const *before = envp ? envp : empty;
	struct env_plan plan;
	char **after;

	env_plan(envp, wish, &plan);
	require(plan.count == count_of(envp));
	require(plan.strip || !wish->strip);
	if (plan.right) {
		check_right(before, wish, &plan);
		return;
	}
	after = allocate(plan.memory);
	require(env_fill(envp, wish, &plan, after) == after);
	check_others(before, after);
	if (plan.strip)
		check_stripped(after, wish);
	else
		check_wished(before, after, wish, &plan);
	free(after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned choice = size ? *data : 0;
	char **envp = texts_of(data + (size != 0), size - (size != 0));
	const struct env_wish wish = {
		.carrier = choice & NO_CARRIER ? NULL : "FLYTE_CTX=1.5.an-a.",
		.library = choice & NO_LIBRARY ? NULL : "/opt/flyte/" PRELOAD_LIBRARY,
		.strip = choice & STRIP,
	};

	check_environment(choice & NO_ENVP ? NULL : envp, &wish);
	texts_free(envp);
	return 0;
}
