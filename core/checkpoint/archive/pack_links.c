/* SPDX-License-Identifier: Apache-2.0 */
/* See pack_links.h. */
#include "checkpoint/archive/pack_links.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct link {
	dev_t device;
	ino_t inode;
	char path[];
};

static int compare(const void *a, const void *b)
{
	const struct link *one = a, *other = b;

	if (one->inode != other->inode)
		return one->inode < other->inode ? -1 : 1;
	return (one->device > other->device) - (one->device < other->device);
}

bool pack_links_note(struct pack_links *links, const struct stat *status, const char *path,
		     const char **first)
{
	struct link *link = malloc(sizeof(*link) + strlen(path) + 1);
	struct link *const *found;

	if (!link)
		return false;
	link->device = status->st_dev;
	link->inode = status->st_ino;
	strcpy(link->path, path);
	found = tsearch(link, &links->tree, compare);
	*first = found && *found != link ? (*found)->path : NULL;
	if (!found || *first)
		free(link);
	return found;
}

void pack_links_free(struct pack_links *links)
{
	tdestroy(links->tree, free);
}

bool pack_link_make_relative(const char *directory, const char *path, char target[PATH_MAX])
{
	size_t length = strlen(directory);
	char relative[PATH_MAX];
	const char *rest = target + length;
	int used = 0;

	if (strncmp(target, directory, length) != 0 || (*rest && *rest != '/'))
		return true;
	for (const char *slash = path; (slash = strchr(slash, '/')); slash++) {
		if ((size_t)used + sizeof("../") > sizeof(relative))
			return false;
		used += snprintf(relative + used, sizeof(relative) - (size_t)used, "../");
	}
	rest += strspn(rest, "/");
	if ((size_t)used + strlen(rest) + 2 > sizeof(relative))
		return false;
	strcpy(relative + used, *rest || used ? rest : ".");
	strcpy(target, relative);
	return true;
}
