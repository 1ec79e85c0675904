/* SPDX-License-Identifier: Apache-2.0 */
/* See preload_list.h. */
#include "context/preload_list.h"

static bool is_separator(char c)
{
	return c == ':' || c == ' ';
}

/* The entry at or behind `at`; length 0 at the end of the list. */
static struct text_span next_entry(const char *at)
{
	struct text_span entry;

	while (is_separator(*at))
		at++;
	entry.start = at;
	while (*at && !is_separator(*at))
		at++;
	entry.length = (size_t)(at - entry.start);
	return entry;
}

static struct text_span file_name(struct text_span entry)
{
	size_t first = entry.length;

	while (first && entry.start[first - 1] != '/')
		first--;
	return (struct text_span) { entry.start + first, entry.length - first };
}

static bool is_ours(struct text_span entry)
{
	return text_is(file_name(entry), PRELOAD_LIBRARY);
}

/* libasan.so.8, or clang's libclang_rt.asan-x86_64.so */
static bool is_asan(struct text_span entry)
{
	static const char names[2][20] = { "libasan.so", "libclang_rt.asan" };
	struct text_span file = file_name(entry);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t length = text_length(names[i]);

		if (file.length >= length &&
		    text_is((struct text_span) { file.start, length }, names[i]))
			return true;
	}
	return false;
}

struct text_span preload_list_find(const char *list)
{
	struct text_span entry = next_entry(list);

	while (entry.length && !is_ours(entry))
		entry = next_entry(entry.start + entry.length);
	return entry;
}

bool preload_path_is_sound(const char *path)
{
	for (; *path; path++)
		if (is_separator(*path) || *path == '$')
			return false;
	return true;
}

/* The end of the last ASan runtime in the list, or its start. */
static const char *place_for_ours(const char *list)
{
	const char *place = list;

	for (struct text_span e = next_entry(list); e.length; e = next_entry(e.start + e.length))
		if (is_asan(e))
			place = e.start + e.length;
	return place;
}

size_t preload_list_add(const char *list, const char *path, char *to)
{
	const char *place = place_for_ours(list);
	char *end = text_copy(to, list, (size_t)(place - list));

	if (place > list)
		*end++ = ':';
	end = text_copy(end, path, text_length(path));
	if (place == list && *list)
		*end++ = ':';
	end = text_copy(end, place, text_length(place));
	*end = '\0';
	return (size_t)(end - to);
}

size_t preload_list_remove(const char *list, char *to)
{
	const char *at = list;
	char *end = to;
	struct text_span entry;

	while ((entry = next_entry(at)).length) {
		const char *next = entry.start + entry.length;

		/* An entry goes with the separators before it, or, if it is the first, behind it.
		 */
		if (!is_ours(entry))
			end = text_copy(end, at, (size_t)(next - at));
		else if (end == to)
			next += is_separator(*next);
		at = next;
	}
	end = text_copy(end, at, text_length(at));
	*end = '\0';
	return (size_t)(end - to);
}
