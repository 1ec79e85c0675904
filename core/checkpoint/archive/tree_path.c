/* SPDX-License-Identifier: Apache-2.0 */
/* See tree_path.h. */
#include "checkpoint/archive/tree_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The part that `path` begins with: its length. */
static size_t part_length(const char *path)
{
	return strcspn(path, "/");
}

static bool is_part(const char *path, const char *part)
{
	size_t length = part_length(path);

	return strlen(part) == length && !memcmp(path, part, length);
}

/* The next part, behind slashes; "" at the end. */
static const char *next_part(const char *path)
{
	path += part_length(path);
	return path + strspn(path, "/");
}

static const char *skip_dot(const char *path)
{
	while (path[0] == '.' && path[1] == '/')
		path = next_part(path);
	return path;
}

bool tree_path_is_inside(const char *path)
{
	path = skip_dot(path);
	if (!*path || *path == '/')
		return false;
	for (; *path; path = next_part(path))
		if (is_part(path, ".") || is_part(path, "..") || part_length(path) > NAME_MAX)
			return false;
	return true;
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

	for (path = skip_dot(path); directory >= 0 && *(next = next_part(path)); path = next) {
		char part[NAME_MAX + 1];
		size_t length = part_length(path);
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

/* How deep below the root is the directory of `path`? */
static int depth_of(const char *path)
{
	int depth = 0;

	for (path = skip_dot(path); *next_part(path); path = next_part(path))
		depth++;
	return depth;
}

bool tree_path_names_stay(const char *path, const char *target)
{
	int depth = depth_of(path);

	if (*target == '/')
		return false;
	for (; *target; target = next_part(target)) {
		if (is_part(target, ".."))
			depth--;
		else if (!is_part(target, "."))
			depth++;
		if (depth < 0)
			return false;
	}
	return true;
}

bool tree_path_link_stays(int root, const char *path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_BENEATH };
	long fd = syscall(SYS_openat2, root, path, &how, sizeof(how));

	if (fd >= 0)
		close((int)fd);
	return fd >= 0 || errno != EXDEV;
}
