/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as a list, any as key and value: what is written keeps within the room that was said,
 * has nothing in it that no list may have where the list had not, and merging again changes
 * nothing.
 */
#include "context/baggage.h"
#include "require.h"

static char *merged(const char *list, const struct flyte_pair_list *pairs)
{
	char *to = allocate(baggage_room(list, pairs));
	size_t length = baggage_merge(list, pairs, to);

	require(length == strlen(to));
	return to;
}

/* The first line is the list, each other one a key, a tab and a value. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flyte_pair pairs[4] = { { NULL, NULL } };
	struct flyte_pair_list all = { 0, pairs };
	char *text = text_of(data, size), *list = text, *rest, *once, *twice;

	for (rest = list + strcspn(list, "\n"); *rest && all.count < 4; all.count++) {
		*rest++ = '\0';
		pairs[all.count].key = rest;
		rest += strcspn(rest, "\t\n");
		if (*rest)
			*rest++ = '\0';
		pairs[all.count].value = rest;
		rest += strcspn(rest, "\n");
	}
	*rest = '\0';
	once = merged(list, &all);
	require(strlen(list) >= BAGGAGE_MAX || strlen(once) <= BAGGAGE_MAX);
	twice = merged(once, &all);
	require(!strcmp(once, twice));
	free(once);
	free(twice);
	free(text);
	return 0;
}
