/* SPDX-License-Identifier: Apache-2.0 */
/* See tree_link.h. */
#include "checkpoint/archive/tree_link.h"
#include "checkpoint/archive/tree_part.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Linux follows 40 links on a way. More are looked at for programs that follow them on their own.
 */
#define LINKS_MAX 255

/* How deep below the root is the directory of `path`? */
static int depth_of(const char *path)
{
	int depth = 0;

	for (; *tree_part_next(path); path = tree_part_next(path))
		depth++;
	return depth;
}

bool tree_link_names_stay(const char *path, const char *target)
{
	int depth = depth_of(path);

	if (*target == '/')
		return false;
	for (; *target; target = tree_part_next(target)) {
		if (tree_part_is(target, ".."))
			depth--;
		else if (!tree_part_is(target, "."))
			depth++;
		if (depth < 0)
			return false;
	}
	return true;
}

/* The way that is behind us, without links, and the names that are ahead. */
struct way {
	char done[PATH_MAX];
	char left[2 * PATH_MAX];
	unsigned links;
};

/* One name up; false at the root. */
static bool go_up(struct way *way)
{
	char *slash = strrchr(way->done, '/');

	if (!way->done[0])
		return false;
	*(slash ? slash : way->done) = '\0';
	return true;
}

/* One name down, which the names ahead begin with. */
static bool go_down(struct way *way, size_t length)
{
	size_t used = strlen(way->done);

	if (used + length + 2 > sizeof(way->done))
		return false;
	if (used)
		way->done[used++] = '/';
	memcpy(way->done + used, way->left, length);
	way->done[used + length] = '\0';
	return true;
}

/* Goes on with the text of a link in the place of its name. */
static bool follow(struct way *way, const char *directory, const char *text)
{
	size_t length = directory ? strlen(directory) : 0, size = strlen(text);

	go_up(way);
	if (*text == '/') {
		if (!directory || strncmp(text, directory, length) != 0 ||
		    (text[length] && text[length] != '/'))
			return false;
		way->done[0] = '\0';
		text += length + strspn(text + length, "/");
		size = strlen(text);
	}
	if (size + strlen(way->left) + 2 > sizeof(way->left))
		return false;
	memmove(way->left + size + 1, way->left, strlen(way->left) + 1);
	memcpy(way->left, text, size);
	way->left[size] = '/';
	return true;
}

static void drop_part(struct way *way)
{
	const char *next = tree_part_next(way->left);

	memmove(way->left, next, strlen(next) + 1);
}

/* One step; false where it leads out, or can't be taken. */
static bool step(struct way *way, int root, const char *directory)
{
	char text[PATH_MAX];
	ssize_t size;

	if (tree_part_is(way->left, "..")) {
		drop_part(way);
		return go_up(way);
	}
	if (!tree_part_is(way->left, ".") && !tree_part_is(way->left, "")) {
		if (!go_down(way, tree_part_length(way->left)))
			return false;
		drop_part(way);
		size = readlinkat(root, way->done, text, sizeof(text) - 1);
		if (size < 0)
			return errno == EINVAL || errno == ENOENT || errno == ENOTDIR ||
			       errno == ENAMETOOLONG; /* of the name: the way has room */
		text[size] = '\0';
		way->links++;
		return follow(way, directory, text);
	}
	drop_part(way);
	return true;
}

/* The kernel says it at once where all of the way is there. Every other answer of it, that it has
 * no such call included, says nothing. */
static bool is_beneath(int root, const char *path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_BENEATH };
	long fd = syscall(SYS_openat2, root, path, &how, sizeof(how));

	if (fd >= 0)
		close((int)fd);
	return fd >= 0;
}

bool tree_link_stays(int root, const char *directory, const char *path)
{
	struct way way = { .done = "" };

	if (is_beneath(root, path))
		return true;
	if (strlen(path) >= sizeof(way.left))
		return false;
	strcpy(way.left, path);
	while (way.left[0] && way.links <= LINKS_MAX)
		if (!step(&way, root, directory))
			return false;
	return true;
}
