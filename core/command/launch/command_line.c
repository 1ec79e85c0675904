/* SPDX-License-Identifier: Apache-2.0 */
/* See command_line.h. */
#include "command/launch/command_line.h"
#include "command/terminal/memory.h"

#include <bsd/string.h>
#include <string.h>

void command_line_begin(struct command_line *words, char *const argv[])
{
	*words = (struct command_line) { 0 };
	while (argv[words->count])
		words->count++;
	words->at = memory_get((words->count + 1) * sizeof(*words->at));
	memcpy(words->at, argv, words->count * sizeof(*words->at));
}

void command_line_insert(struct command_line *words, size_t place, const char *const inserted[],
			 size_t count)
{
	size_t behind = words->count + 1 - place;

	words->at = memory_more(words->at, (words->count + count + 1) * sizeof(*words->at));
	memmove(words->at + place + count, words->at + place, behind * sizeof(*words->at));
	memcpy(words->at + place, inserted, count * sizeof(*words->at));
	words->count += count;
}

char *command_line_join(const struct command_line *words, size_t place)
{
	size_t size = 1;
	char *text;

	for (size_t i = place; i < words->count; i++)
		size += strlen(words->at[i]) + 1;
	text = memory_get(size);
	for (size_t i = place; i < words->count; i++) {
		if (i > place)
			strlcat(text, " ", size);
		strlcat(text, words->at[i], size);
	}
	return text;
}
