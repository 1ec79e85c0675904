/* SPDX-License-Identifier: Apache-2.0 */
/* See restore.h. */
#include "checkpoint/restore.h"
#include "local/tree_remove.h"
#include "local/workspace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STAGING ".flytectx-restore"

enum load_result restore_workspace(struct storage *object, const char *place, struct error *error)
{
	enum load_result result = LOAD_FAILED;
	int fd = workspace_open(place, error), target;

	if (fd < 0)
		return LOAD_FAILED;
	target = workspace_new(fd, place, error);
	if (target >= 0) {
		result = load(object, target, fd, error);
		close(target);
	}
	if ((result == LOAD_TREE || result == LOAD_FILE) && !workspace_publish(fd, place, error))
		result = LOAD_FAILED;
	else if (result == LOAD_NONE || result == LOAD_FAILED)
		tree_remove(fd, "new");
	close(fd);
	return result;
}

/* Calls `act` for each name in a directory but the staging one. False with errno. */
static bool each_name(int directory, bool (*act)(int directory, const char *name, int to), int to)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), number;
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	bool good = list;

	for (errno = 0; good && (entry = readdir(list)); errno = 0)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    strcmp(entry->d_name, STAGING) != 0)
			good = act(directory, entry->d_name, to);
	number = errno;
	if (list)
		closedir(list);
	errno = number;
	return good && !number;
}

static bool remove_one(int directory, const char *name, int unused)
{
	(void)unused;
	return tree_remove(directory, name);
}

static bool move_one(int directory, const char *name, int to)
{
	struct stat status;

	/* A directory is moved by who may write to it: its ".." changes. */
	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	if (!S_ISDIR(status.st_mode) || status.st_mode & S_IWUSR)
		return renameat(directory, name, to, name) == 0;
	return fchmodat(directory, name, status.st_mode | S_IWUSR, 0) == 0 &&
	       renameat(directory, name, to, name) == 0 &&
	       fchmodat(to, name, status.st_mode & 07777, 0) == 0;
}

static int make_staging(int directory)
{
	if (!tree_remove(directory, STAGING) || mkdirat(directory, STAGING, 0700) < 0)
		return -1;
	return openat(directory, STAGING, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* All is there and sound: now the old content goes, and the new comes up. */
static bool replace_content(int directory, int staging)
{
	return each_name(directory, remove_one, -1) && each_name(staging, move_one, directory);
}

static enum load_result restore_open(struct storage *object, int fd, const char *directory,
				     struct error *error)
{
	enum load_result result;
	int staging = make_staging(fd);

	if (staging < 0) {
		error_set(error, ERROR_SYSTEM, errno, directory, "can't make a directory in it");
		return LOAD_FAILED;
	}
	result = load(object, staging, staging, error);
	if (result == LOAD_FILE) {
		error_set(error, ERROR_INVALID, ENOTDIR, object->url, "it can't be restored to %s",
			  directory);
		result = LOAD_FAILED;
	}
	if (result == LOAD_TREE && !replace_content(fd, staging)) {
		error_set(error, ERROR_SYSTEM, errno, directory, "can't replace its content");
		result = LOAD_FAILED;
	}
	close(staging);
	tree_remove(fd, STAGING);
	return result;
}

enum load_result restore_directory(struct storage *object, const char *directory,
				   struct error *error)
{
	enum load_result result;
	int fd;

	if (mkdir(directory, 0777) < 0 && errno != EEXIST) {
		error_set(error, ERROR_SYSTEM, errno, directory, "can't make the directory");
		return LOAD_FAILED;
	}
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		error_set(error, ERROR_SYSTEM, errno, directory, "can't open the directory");
		return LOAD_FAILED;
	}
	result = restore_open(object, fd, directory, error);
	close(fd);
	return result;
}
