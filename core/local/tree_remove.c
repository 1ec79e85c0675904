/* SPDX-License-Identifier: Apache-2.0 */
/* See tree_remove.h. */
#include "local/tree_remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static DIR *open_list(int directory, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(directory, name, flags);

	/* A checkpoint may hold directories that shut their owner out. */
	if (fd < 0 && errno == EACCES && fchmodat(directory, name, 0700, 0) == 0)
		fd = openat(directory, name, flags);
	return fd < 0 ? NULL : fdopendir(fd);
}

static bool remove_content(DIR *list)
{
	const struct dirent *entry;

	fchmod(dirfd(list), 0700);
	for (errno = 0; (entry = readdir(list)); errno = 0)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    !tree_remove(dirfd(list), entry->d_name))
			return false;
	return errno == 0;
}

bool tree_remove(int directory, const char *name)
{
	DIR *list;
	int number;
	bool good;

	if (unlinkat(directory, name, 0) == 0 || errno == ENOENT)
		return true;
	if (errno != EISDIR && errno != EPERM)
		return false;
	list = open_list(directory, name);
	if (!list)
		return false;
	good = remove_content(list);
	number = errno;
	closedir(list);
	errno = number;
	return good && unlinkat(directory, name, AT_REMOVEDIR) == 0;
}
