/* SPDX-License-Identifier: Apache-2.0 */
/* See copy_tree.h. */
#include "command/run/copy_tree.h"
#include "command/run/copy_file.h"
#include "command/run/guard.h"
#include "command/run/name_list.h"
#include "local/lost_and_found.h"
#include "local/tree_remove.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A file that was changed so shortly before may be changed again without another time. */
#define TICK_NANOSECONDS 50000000

static bool copy_directory(struct copy *copy, int source, int target);

/* --- what can go wrong -------------------------------------------------------------------- */

static bool fail(struct copy *copy, const char *why)
{
	if (errno || why)
		snprintf(copy->failure, sizeof(copy->failure), "%.400s%s%s: %s", copy->at,
			 why ? ": " : "", why ? why : "", strerror(errno));
	return false;
}

static bool is_late(void *argument)
{
	const struct copy *copy = argument;

	return (copy->deadline > 0 && monotonic_now() > copy->deadline) ||
	       (copy->is_over && copy->is_over());
}

/* While CMD runs things come and go. */
static bool is_gone(const struct copy *copy)
{
	return copy->is_moving && errno == ENOENT;
}

/* --- one thing ---------------------------------------------------------------------------- */

static bool is_racy(const struct copy *copy, const struct stat *status)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return copy->is_moving && (status->st_ctim.tv_sec > now.tv_sec ||
				   (now.tv_sec - status->st_ctim.tv_sec) * 1000000000 +
						   now.tv_nsec - status->st_ctim.tv_nsec <
					   TICK_NANOSECONDS);
}

static bool copy_regular(struct copy *copy, int source, int target, const char *name,
			 const struct stat *status)
{
	int in = openat(source, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), number;
	bool good;

	if (in < 0)
		return false;
	good = copy_file(in, status, target, name, is_late, copy);
	number = errno;
	close(in);
	errno = number;
	return good;
}

/* One that names a place in the tree absolutely names one in the copy then: pack() makes both
 * relative. */
static bool copy_link(const struct copy *copy, int source, int target, const char *name,
		      const struct stat *status)
{
	size_t length = strlen(copy->directory);
	char text[PATH_MAX], moved[2 * PATH_MAX];
	ssize_t count = readlinkat(source, name, text, sizeof(text) - 1);
	bool is_own;

	if (count < 0)
		return false;
	text[count] = '\0';
	is_own = strncmp(text, copy->directory, length) == 0 &&
		 (!text[length] || text[length] == '/');
	snprintf(moved, sizeof(moved), "%s%s", is_own ? copy->path : "",
		 text + (is_own ? length : 0));
	return symlinkat(moved, target, name) == 0 && copy_status(target, name, status);
}

/* Its first name in the copy, where it has several; "": this is the first. */
struct name {
	ino_t inode;
	char path[];
};

static void *names; /* of a tsearch(3) */

static int by_inode(const void *a, const void *b)
{
	const struct name *one = a, *other = b;

	return (one->inode > other->inode) - (one->inode < other->inode);
}

static const char *first_name(const struct copy *copy, const struct stat *status)
{
	struct name *name = malloc(sizeof(*name) + strlen(copy->at) + 1), **found;

	if (!name)
		return "";
	name->inode = status->st_ino;
	strcpy(name->path, copy->at);
	found = tsearch(name, &names, by_inode);
	if (found && *found == name)
		return "";
	free(name);
	return found ? (*found)->path : "";
}

static bool copy_other_name(const struct copy *copy, int target, const char *name,
			    const char *first)
{
	char path[2 * PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", copy->path, first);
	return linkat(AT_FDCWD, path, target, name, 0) == 0;
}

static bool copy_one(struct copy *copy, int source, int target, const char *name,
		     const struct stat *status)
{
	const char *first = status->st_nlink > 1 ? first_name(copy, status) : "";

	if (!tree_remove(target, name))
		return false;
	if (*first && copy_other_name(copy, target, name, first))
		return true;
	switch (status->st_mode & S_IFMT) {
	case S_IFREG:
		return copy_regular(copy, source, target, name, status);
	case S_IFLNK:
		return copy_link(copy, source, target, name, status);
	case S_IFIFO:
		return mkfifoat(target, name, 0600) == 0 && copy_status(target, name, status);
	}
	errno = EINVAL;
	return fail(copy, "it is a device, which can't be saved");
}

/* --- directories -------------------------------------------------------------------------- */

static int make_directory(int target, const char *name)
{
	struct stat status;

	if (mkdirat(target, name, 0700) < 0 &&
	    (errno != EEXIST || fstatat(target, name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
	     !S_ISDIR(status.st_mode)) &&
	    (!tree_remove(target, name) || mkdirat(target, name, 0700) < 0))
		return -1;
	if (fstatat(target, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	    (status.st_mode & S_IRWXU) != S_IRWXU)
		fchmodat(target, name, 0700, 0);
	return openat(target, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool copy_subdirectory(struct copy *copy, int source, int target, const char *name,
			      const struct stat *status)
{
	const bool is_other = status->st_dev != copy->device;
	int in = -1, out = -1, number;
	bool good;

	if (is_other && !*copy->other)
		snprintf(copy->other, sizeof(copy->other), "%.255s", copy->at);
	if (!is_other)
		in = openat(source, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (!copy->is_scan)
		out = make_directory(target, name);
	good = (is_other || in >= 0) && (copy->is_scan || out >= 0);
	good = good && (is_other || copy_directory(copy, in, out));
	good = good && (copy->is_scan || copy_status(target, name, status));
	number = errno;
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	errno = number;
	return good;
}

static bool visit(struct copy *copy, int source, int target, const char *name)
{
	uint64_t path = copy_hash(0, copy->at, strlen(copy->at)), what;
	struct stat status;
	bool good;

	if (is_late(copy)) {
		errno = 0;
		return fail(copy, NULL);
	}
	if (fstatat(source, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return is_gone(copy) || fail(copy, NULL);
	what = copy_what(&status);
	if (S_ISSOCK(status.st_mode) || lost_and_found_is_shut(source, copy->at) ||
	    (S_ISDIR(status.st_mode) && status.st_ino == copy->own && copy->own))
		return true;
	if (S_ISDIR(status.st_mode))
		good = copy_subdirectory(copy, source, target, name, &status);
	else
		good = copy->is_scan || copy_index_has(&copy->before, path, what) ||
		       copy_one(copy, source, target, name, &status);
	if (!good)
		return !*copy->failure && (is_gone(copy) || fail(copy, NULL));
	copy->digest += copy_hash(path, &what, sizeof(what));
	errno = ENOMEM;
	return is_racy(copy, &status) || copy_index_add(&copy->now, path, what) || fail(copy, NULL);
}

/* What is not there any more. */
static bool remove_rest(struct copy *copy, const struct name_list *names_there, int target)
{
	struct name_list list;
	bool good = name_list_read(target, &list);

	for (size_t i = 0; good && i < list.count; i++)
		good = name_list_has(names_there, list.items[i]) ||
		       tree_remove(target, list.items[i]);
	name_list_free(&list);
	return good || fail(copy, "can't remove what is in the copy");
}

static bool copy_directory(struct copy *copy, int source, int target)
{
	size_t length = strlen(copy->at);
	struct name_list list;
	bool good = name_list_read(source, &list);

	if (good && !copy->is_scan)
		good = remove_rest(copy, &list, target);
	for (size_t i = 0; good && i < list.count; i++) {
		errno = ENAMETOOLONG;
		good = length + strlen(list.items[i]) + 2 < sizeof(copy->at) || fail(copy, NULL);
		if (!good)
			break;
		sprintf(copy->at + length, "%s%s", length ? "/" : "", list.items[i]);
		good = visit(copy, source, target, list.items[i]);
		copy->at[length] = '\0';
	}
	name_list_free(&list);
	return good;
}

bool copy_tree(struct copy *copy)
{
	int source = open(copy->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), target = -1;
	struct stat status, own;
	bool good = source >= 0 && fstat(source, &status) == 0;

	copy->now = (struct copy_index) { 0 };
	copy->digest = 0;
	*copy->at = *copy->failure = *copy->other = '\0';
	if (good && !copy->is_scan) {
		target = open(copy->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		good = target >= 0 && fstat(target, &own) == 0;
	}
	if (!good)
		fail(copy, NULL);
	copy->device = good ? status.st_dev : 0;
	good = good && copy_directory(copy, source, target);
	tdestroy(names, free);
	names = NULL;
	if (good) {
		copy_index_sort(&copy->now);
		free(copy->before.items);
		copy->before = copy->now;
	} else {
		free(copy->now.items);
	}
	if (source >= 0)
		close(source);
	if (target >= 0)
		close(target);
	return good;
}
