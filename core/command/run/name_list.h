/* SPDX-License-Identifier: Apache-2.0 */
/*
 * name_list - the names in a directory, sorted.
 */
#ifndef FLYTECTX_NAME_LIST_H
#define FLYTECTX_NAME_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct name_list {
	char **items;
	size_t count;
};

/* Of an open directory, which stays as it is. False with errno; free it either way. */
bool name_list_read(int directory, struct name_list *list);

bool name_list_has(const struct name_list *list, const char *name);
void name_list_free(struct name_list *list);

#endif
