/* SPDX-License-Identifier: Apache-2.0 */
/* See unpack_pending.h. */
#include "checkpoint/archive/unpack_pending.h"
#include "checkpoint/archive/tree_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct pending {
	char *path;
	bool is_link;
	mode_t mode;
	struct timespec mtime;
};

bool pending_add(struct pending_list *list, const struct tar_entry *entry, bool is_link)
{
	void *more = list->items;
	char *path = strdup(entry->path);

	if (!(list->count & (list->count - 1)))
		more = realloc(list->items, (2 * list->count + 1) * sizeof(struct pending));
	if (more)
		list->items = more;
	if (!more || !path) {
		free(path);
		return false;
	}
	/* A setgid directory only hands its group on: it loads without. */
	list->items[list->count++] = (struct pending) {
		path, is_link, entry->mode & 01777, { entry->mtime, entry->mtime_ns }
	};
	return true;
}

void pending_free(struct pending_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].path);
	free(list->items);
}

static bool finish_directory(int root, const struct pending *pending)
{
	struct timespec times[] = { { .tv_nsec = UTIME_OMIT }, pending->mtime };
	const char *name;
	int parent = tree_path_parent(root, pending->path, false, &name), fd = -1, number;
	bool good;

	if (parent >= 0)
		fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	good = fd >= 0 && futimens(fd, times) == 0 && fchmod(fd, pending->mode) == 0;
	number = errno;
	if (fd >= 0)
		close(fd);
	if (parent >= 0)
		close(parent);
	errno = number;
	return good;
}

bool pending_finish(const struct pending_list *list, int root, const char *name,
		    struct error *error)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].is_link && !tree_path_link_stays(root, list->items[i].path))
			return error_set(error, ERROR_CORRUPT, EBADMSG, name,
					 "%s is refused, it is a link that leads out of the tree",
					 list->items[i].path);
	/* A directory after those in it: its mode may shut us out. */
	for (size_t i = list->count; i-- > 0;)
		if (!list->items[i].is_link && !finish_directory(root, &list->items[i]))
			return error_set(error, ERROR_SYSTEM, errno, name,
					 "%s: can't set its mode and time", list->items[i].path);
	return true;
}
