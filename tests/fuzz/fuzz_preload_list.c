/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as the value of LD_PRELOAD: ours is added once, in its place; it goes again without a
 * trace; every other entry stays, in order. The entries are told apart here as ld.so does it.
 */
#include <stdbool.h>

#include "context/preload_list.h"
#include "require.h"

#define OURS "/opt/flyte/" PRELOAD_LIBRARY

/* One entry; length 0 at the end of the list. */
struct entry {
	const char *start;
	size_t length;
};

static struct entry entry_at(const char *at)
{
	at += strspn(at, ": ");
	return (struct entry) { at, strcspn(at, ": ") };
}

static struct entry entry_after(struct entry entry)
{
	return entry_at(entry.start + entry.length);
}

static bool file_starts_with(struct entry entry, const char *name)
{
	const char *file = entry.start + entry.length;

	while (file > entry.start && file[-1] != '/')
		file--;
	return (size_t)(entry.start + entry.length - file) >= strlen(name) &&
	       !strncmp(file, name, strlen(name));
}

static bool is_ours(struct entry entry)
{
	size_t name = strlen(PRELOAD_LIBRARY);

	if (entry.length < name ||
	    strncmp(entry.start + entry.length - name, PRELOAD_LIBRARY, name) != 0)
		return false;
	return entry.length == name || entry.start[entry.length - name - 1] == '/';
}

static bool is_asan(struct entry entry)
{
	return file_starts_with(entry, "libasan.so") || file_starts_with(entry, "libclang_rt.asan");
}

static size_t count_ours(const char *list)
{
	size_t count = 0;

	for (struct entry entry = entry_at(list); entry.length; entry = entry_after(entry))
		count += is_ours(entry);
	return count;
}

static struct entry skip_ours(struct entry entry)
{
	while (is_ours(entry))
		entry = entry_after(entry);
	return entry;
}

/* Do both lists have the same entries, ours aside, in the same order? */
static bool same_others(const char *list_a, const char *list_b)
{
	struct entry a = skip_ours(entry_at(list_a)), b = skip_ours(entry_at(list_b));

	while (a.length && a.length == b.length && !memcmp(a.start, b.start, a.length)) {
		a = skip_ours(entry_after(a));
		b = skip_ours(entry_after(b));
	}
	return !a.length && !b.length;
}

/* Is the first of ours behind all ASan runtimes, and behind nothing else that follows them? */
static bool is_in_its_place(const char *list)
{
	struct entry entry = entry_at(list), last = { NULL, 0 };
	bool any_asan = false;

	for (; entry.length; entry = entry_after(entry))
		any_asan |= is_asan(entry);
	for (entry = entry_at(list); entry.length && !is_ours(entry); entry = entry_after(entry))
		last = entry;
	for (struct entry rest = entry; rest.length; rest = entry_after(rest))
		if (is_asan(rest))
			return false;
	return any_asan ? last.length && is_asan(last) : !last.length;
}

static void check_find(const char *list)
{
	struct text_span found = preload_list_find(list);
	struct entry entry = entry_at(list);

	while (entry.length && !is_ours(entry))
		entry = entry_after(entry);
	require(found.length == entry.length);
	require(!found.length || found.start == entry.start);
}

static char *removed(const char *list)
{
	char *to = allocate(strlen(list) + 1);
	size_t length = preload_list_remove(list, to);

	require(length == strlen(to));
	return to;
}

static void check_remove(const char *list)
{
	char *without = removed(list), *again = removed(without);

	require(count_ours(without) == 0);
	require(same_others(list, without));
	require(!strcmp(without, again));
	require(count_ours(list) || !strcmp(list, without));
	free(again);
	free(without);
}

static void check_add(const char *list)
{
	char *with = allocate(strlen(list) + strlen(OURS) + 2), *without;
	size_t length = preload_list_add(list, OURS, with);

	require(length == strlen(with));
	require(count_ours(with) == count_ours(list) + 1);
	require(same_others(list, with));
	require(count_ours(list) || is_in_its_place(with));
	without = removed(with);
	require(count_ours(list) || !strcmp(list, without));
	free(without);
	free(with);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *list = text_of(data, size);

	check_find(list);
	check_remove(list);
	check_add(list);
	require(preload_path_is_sound(list) == !strpbrk(list, ": $"));
	free(list);
	return 0;
}
