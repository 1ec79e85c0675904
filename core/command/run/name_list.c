/* SPDX-License-Identifier: Apache-2.0 */
/* See name_list.h. */
#include "command/run/name_list.h"
#include "command/terminal/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add(struct name_list *list, const char *name)
{
	if (!(list->count & (list->count - 1)))
		list->items =
			memory_more(list->items, (2 * list->count + 1) * sizeof(*list->items));
	list->items[list->count++] = memory_text("%s", name);
}

bool name_list_read(int directory, struct name_list *list)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), number;
	DIR *open = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	*list = (struct name_list) { 0 };
	if (!open)
		return false;
	for (errno = 0; (entry = readdir(open)); errno = 0)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			add(list, entry->d_name);
	number = errno;
	closedir(open);
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), by_name);
	errno = number;
	return number == 0;
}

bool name_list_has(const struct name_list *list, const char *name)
{
	return list->count && bsearch(&name, list->items, list->count, sizeof(name), by_name);
}

void name_list_free(struct name_list *list)
{
	while (list->count)
		free(list->items[--list->count]);
	free(list->items);
	list->items = NULL;
}
