/* SPDX-License-Identifier: Apache-2.0 */
/* See tree_path.h. */
#include "checkpoint/archive/tree_path.h"
#include "checkpoint/archive/tree_part.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void tree_path_tidy(char *path)
{
	char *to = path;

	if (*path == '/')
		return;
	for (const char *from = path; *from; from = tree_part_next(from)) {
		size_t length = tree_part_length(from);

		if (tree_part_is(from, "."))
			continue;
		if (to > path)
			*to++ = '/';
		memmove(to, from, length);
		to += length;
	}
	*to = '\0';
}

const char *tree_path_refusal(const char *path)
{
	if (!*path)
		return "has no name";
	if (*path == '/')
		return "leads out of the tree";
	for (; *path; path = tree_part_next(path)) {
		if (tree_part_is(path, ".."))
			return "has '..' in its name";
		if (tree_part_length(path) > NAME_MAX)
			return "has a name that is too long";
	}
	return NULL;
}

static int enter(int directory, const char *name, bool make)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int next = openat(directory, name, flags);

	if (next >= 0 || errno != ENOENT || !make)
		return next;
	if (mkdirat(directory, name, 0777) < 0 && errno != EEXIST)
		return -1;
	return openat(directory, name, flags);
}

int tree_path_parent(int root, const char *path, bool make, const char **name)
{
	int directory = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *next;

	for (; directory >= 0 && *(next = tree_part_next(path)); path = next) {
		char part[NAME_MAX + 1];
		size_t length = tree_part_length(path);
		int below, number;

		memcpy(part, path, length);
		part[length] = '\0';
		below = enter(directory, part, make);
		number = errno;
		close(directory);
		directory = below;
		errno = number;
	}
	*name = path;
	return directory;
}
