/* SPDX-License-Identifier: Apache-2.0 */
/* See unpack_pending.h. */
#include "checkpoint/archive/unpack_pending.h"
#include "checkpoint/archive/tree_link.h"
#include "checkpoint/archive/tree_path.h"
#include "checkpoint/archive/unpack_attributes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct pending {
	char *path;
	bool is_link;
	size_t number; /* in the archive */
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
	list->items[list->count] = (struct pending) {
		.path = path,
		.is_link = is_link,
		.number = list->count,
		.mode = entry->mode & 01777,
		.mtime = { .tv_sec = entry->mtime, .tv_nsec = entry->mtime_ns },
	};
	list->count++;
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
	const char *name;
	int parent = tree_path_parent(root, pending->path, false, &name), fd = -1, number;
	bool good;

	if (parent >= 0)
		fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	good = fd >= 0 && unpack_attributes_set(fd, pending->mode, pending->mtime);
	number = errno;
	if (fd >= 0)
		close(fd);
	if (parent >= 0)
		close(parent);
	errno = number;
	return good;
}

/* What is deeper comes first, since the mode of a directory may shut us out of what is in it; and
 * of one directory the last that the archive says. */
static int by_depth(const void *a, const void *b)
{
	const struct pending *one = a, *other = b;
	size_t length = strlen(one->path), other_length = strlen(other->path);
	int order;

	if (length != other_length)
		return length > other_length ? -1 : 1;
	order = strcmp(one->path, other->path);
	return order ? order : (one->number < other->number) - (one->number > other->number);
}

static bool check_links(const struct pending_list *list, int root, const char *name,
			struct error *error)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].is_link && !tree_link_stays(root, NULL, list->items[i].path))
			return error_set(error, ERROR_CORRUPT, EBADMSG, name,
					 "%s is refused, it is a link that leads out of the tree",
					 list->items[i].path);
	return true;
}

bool pending_finish(const struct pending_list *list, int root, const char *name,
		    struct error *error)
{
	const char *done = "";

	if (!check_links(list, root, name, error))
		return false;
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), by_depth);
	for (size_t i = 0; i < list->count; i++) {
		const struct pending *pending = &list->items[i];

		if (pending->is_link || !strcmp(pending->path, done))
			continue;
		if (!finish_directory(root, pending))
			return error_set(error, ERROR_SYSTEM, errno, name,
					 "%s: can't set its mode and time", pending->path);
		done = pending->path;
	}
	return true;
}
