/* SPDX-License-Identifier: Apache-2.0 */
/* See workspace.h. */
#include "local/workspace.h"
#include "local/digest_name.h"
#include "local/tree_remove.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Their names in a place. */
#define WORK "work"
#define NEW  "new"
#define OLD  "old"

bool workspace_place(const struct flyte_action_id *action, const char *previous,
		     char path[PATH_MAX], struct error *error)
{
	const char *const parts[] = { action->org,      action->project, action->domain,
				      action->run_name, action->name,    previous };
	char name[PARTS_NAME_SIZE], root[PATH_MAX];
	int length;

	if (!workspace_root(root, error))
		return false;
	digest_name(parts, sizeof(parts) / sizeof(*parts), name);
	length = snprintf(path, PATH_MAX, "%s/checkpoint-%s", root, name);
	if (length + (int)sizeof("/" WORK "/payload") < PATH_MAX)
		return true;
	return error_set(error, ERROR_SYSTEM, ENAMETOOLONG, root, "can't name a workspace");
}

/* Whoever has it may load for long, and signals come meanwhile. */
static int lock_place(int place)
{
	int answer;

	do
		answer = flock(place, LOCK_EX);
	while (answer < 0 && errno == EINTR);
	return answer;
}

/* Its last owner may have removed it while we waited. */
static bool is_there(const char *place, int fd)
{
	struct stat there, here;

	return fstat(fd, &here) == 0 && lstat(place, &there) == 0 && there.st_ino == here.st_ino &&
	       there.st_dev == here.st_dev;
}

static int open_locked(const char *place)
{
	int fd = -1, number;

	if (mkdir(place, 0700) == 0 || errno == EEXIST)
		fd = open(place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || lock_place(fd) == 0)
		return fd;
	number = errno;
	close(fd);
	errno = number;
	return -1;
}

int workspace_open(const char *place, struct error *error)
{
	int fd;

	/* The lock is released by workspace_close(), or by whatever kills us. */
	while ((fd = open_locked(place)) >= 0 && !is_there(place, fd))
		close(fd);
	if (fd >= 0 && mkdirat(fd, WORK, 0700) < 0 && errno != EEXIST) {
		const int number = errno;

		close(fd);
		fd = -1;
		errno = number;
	}
	if (fd < 0)
		error_set(error, ERROR_SYSTEM, errno, place, "can't make the workspace");
	return fd;
}

void workspace_close(int place)
{
	/* The lock is that of the open file, which a child shares: its copy would hold it. */
	flock(place, LOCK_UN);
	close(place);
}

int workspace_new(int place, const char *path, struct error *error)
{
	int fd = -1;

	if (tree_remove(place, NEW) && tree_remove(place, OLD) && mkdirat(place, NEW, 0700) == 0)
		fd = openat(place, NEW, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		error_set(error, ERROR_SYSTEM, errno, path, "can't make a new workspace");
	return fd;
}

/* Where two names can't change places there is a moment without a workspace. */
static bool exchange(int place)
{
	if (renameat2(place, NEW, place, WORK, RENAME_EXCHANGE) == 0)
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return false;
	if (renameat(place, WORK, place, OLD) < 0)
		return false;
	if (renameat(place, NEW, place, WORK) == 0)
		return tree_remove(place, OLD);
	renameat(place, OLD, place, WORK);
	return false;
}

bool workspace_publish(int place, const char *path, struct error *error)
{
	if (!exchange(place))
		return error_set(error, ERROR_SYSTEM, errno, path,
				 "can't put the new workspace in place");
	/* What was there, now under that name. It is in nobody's way if it stays. */
	tree_remove(place, NEW);
	return true;
}
