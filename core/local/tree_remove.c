/* SPDX-License-Identifier: Apache-2.0 */
/* See tree_remove.h. */
#include "local/tree_remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* So many levels have a descriptor each; what is deeper is moved up first. */
#define DEPTH_MAX 32

static DIR *open_list(int directory, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(directory, name, flags);

	/* A checkpoint may hold directories that shut their owner out. */
	if (fd < 0 && errno == EACCES && fchmodat(directory, name, 0700, 0) == 0)
		fd = openat(directory, name, flags);
	return fd < 0 ? NULL : fdopendir(fd);
}

/* A directory that is too deep, under a name that nothing has, beside the tree that it is in. */
static bool move_up(int from, const char *name, int top)
{
	char moved[64];

	for (unsigned number = 0; number < 1000000; number++) {
		snprintf(moved, sizeof(moved), ".flytectx-removed-%u", number);
		fchmodat(from, name, 0700, 0);
		if (renameat2(from, name, top, moved, RENAME_NOREPLACE) == 0)
			return true;
		if (errno == EINVAL || errno == ENOSYS)
			return faccessat(top, moved, F_OK, AT_SYMLINK_NOFOLLOW) < 0 &&
			       renameat(from, name, top, moved) == 0;
		if (errno != EEXIST)
			return false;
	}
	return false;
}

/* `top`: the tree's own directory, which what is too deep is moved to. */
static bool remove_one(int directory, const char *name, int top, int depth);

static bool remove_content(DIR *list, int top, int depth)
{
	const struct dirent *entry;
	bool is_again;

	fchmod(dirfd(list), 0700);
	do {
		is_again = false;
		for (errno = 0; (entry = readdir(list)); errno = 0) {
			if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
				continue;
			if (!remove_one(dirfd(list), entry->d_name, top < 0 ? dirfd(list) : top,
					depth + 1))
				return false;
		}
		if (errno)
			return false;
		/* What was moved here meanwhile may not have been in the list. */
		if (top < 0) {
			rewinddir(list);
			while (!is_again && (entry = readdir(list)))
				is_again = strcmp(entry->d_name, ".") != 0 &&
					   strcmp(entry->d_name, "..") != 0;
			rewinddir(list);
		}
	} while (is_again);
	return true;
}

static bool remove_one(int directory, const char *name, int top, int depth)
{
	DIR *list;
	int number;
	bool good;

	if (unlinkat(directory, name, 0) == 0 || errno == ENOENT)
		return true;
	if (errno != EISDIR && errno != EPERM)
		return false;
	if (depth > DEPTH_MAX)
		return unlinkat(directory, name, AT_REMOVEDIR) == 0 ||
		       move_up(directory, name, top);
	list = open_list(directory, name);
	if (!list)
		return false;
	good = remove_content(list, top, depth);
	number = errno;
	closedir(list);
	errno = number;
	return good && unlinkat(directory, name, AT_REMOVEDIR) == 0;
}

bool tree_remove(int directory, const char *name)
{
	return remove_one(directory, name, -1, 0);
}
