/* SPDX-License-Identifier: Apache-2.0 */
/* See file_target.h. */
#include "storage/file/file_target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX 40

/* Where the name begins in a path. */
static size_t name_offset(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Puts what the link `path` says in its place. False: it is no link. */
static bool follow(char path[PATH_MAX], bool *failed)
{
	char link[PATH_MAX];
	size_t start = name_offset(path);
	ssize_t length = readlink(path, link, sizeof(link));

	*failed = false;
	if (length < 0)
		return false;
	if (link[0] == '/')
		start = 0;
	*failed = start + (size_t)length >= PATH_MAX;
	if (*failed)
		return false;
	memcpy(path + start, link, (size_t)length);
	path[start + (size_t)length] = '\0';
	return true;
}

static bool follow_all(char path[PATH_MAX])
{
	bool failed;

	for (int links = 0; links < LINKS_MAX; links++) {
		if (!follow(path, &failed)) {
			errno = ENAMETOOLONG;
			return !failed;
		}
	}
	errno = ELOOP;
	return false;
}

/* A new directory is durable when the one that names it is. */
static int enter(int directory, const char *name)
{
	int next = openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (next >= 0 || errno != ENOENT)
		return next;
	if (mkdirat(directory, name, 0777) < 0 && errno != EEXIST)
		return -1;
	if (fsync(directory) < 0)
		return -1;
	return openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Opens the directory `path`, which is taken apart, and makes what is missing. */
static int make_directories(char *path)
{
	int directory, next, number;
	char *save, *name;

	directory = open(*path ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory >= 0 || errno != ENOENT)
		return directory;
	directory = open(*path == '/' ? "/" : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (name = strtok_r(path, "/", &save); name && directory >= 0;
	     name = strtok_r(NULL, "/", &save)) {
		next = enter(directory, name);
		number = errno;
		close(directory);
		directory = next;
		errno = number;
	}
	return directory;
}

static bool check_target(const char *path, const struct file_target *target, struct error *error)
{
	struct stat status;

	if (fstatat(target->directory, target->name, &status, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno == ENOENT)
			return true;
		return error_set(error, ERROR_SYSTEM, errno, path, "can't look at it");
	}
	if (S_ISREG(status.st_mode))
		return true;
	return error_set(error, ERROR_INVALID, S_ISDIR(status.st_mode) ? EISDIR : EINVAL, path,
			 "can't be replaced, it is no regular file");
}

bool file_target_open(const char *path, struct file_target *target, struct error *error)
{
	char resolved[PATH_MAX];
	size_t start;

	if (strlen(path) >= sizeof(resolved))
		return error_set(error, 0, ENAMETOOLONG, path, "can't be a file");
	strcpy(resolved, path);
	if (!follow_all(resolved))
		return error_set(error, 0, errno, path, "can't follow the link");
	start = name_offset(resolved);
	if (!resolved[start] || strlen(resolved + start) > NAME_MAX)
		return error_set(error, ERROR_INVALID, resolved[start] ? ENAMETOOLONG : EISDIR,
				 path, "can't be the name of a file");
	strcpy(target->name, resolved + start);
	resolved[start] = '\0';
	target->directory = make_directories(resolved);
	if (target->directory < 0)
		return error_set(error, errno == ENOENT ? ERROR_SYSTEM : 0, errno, path,
				 "can't open or make its directory");
	if (check_target(path, target, error))
		return true;
	close(target->directory);
	return false;
}
