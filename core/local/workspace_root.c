/* SPDX-License-Identifier: Apache-2.0 */
/* See workspace.h: the root. */
#include "local/variable.h"
#include "local/workspace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* TMPDIR as Python and sort take it: another machine's, which is not here, is no reason to fail. */
static const char *temporary_directory(void)
{
	const char *directory = variable("TMPDIR");
	struct stat status;

	return directory && stat(directory, &status) == 0 && S_ISDIR(status.st_mode) ? directory
										     : "/tmp";
}

/* Absolute: programs change their directory. */
static bool root_path(char path[PATH_MAX])
{
	const char *workspace = variable("FLYTECTX_WORKSPACE");
	char here[PATH_MAX] = "", user[32] = "";
	int length;

	if (!workspace) {
		workspace = temporary_directory();
		snprintf(user, sizeof(user), "/flytectx-%lu", (unsigned long)geteuid());
	}
	if (*workspace != '/' && !getcwd(here, sizeof(here)))
		return false;
	length = snprintf(path, PATH_MAX, "%s%s%s%s", here, *here ? "/" : "", workspace, user);
	errno = ENAMETOOLONG;
	return length < PATH_MAX;
}

static bool name_root(char path[PATH_MAX], struct error *error)
{
	if (!root_path(path))
		return error_set(error, ERROR_SYSTEM, errno, "workspace", "can't name it");
	/* With a slash behind it lstat() would follow a link. */
	for (size_t length = strlen(path); length > 1 && path[length - 1] == '/'; length--)
		path[length - 1] = '\0';
	return true;
}

static bool check_root(const char *path, struct error *error)
{
	struct stat status;

	if (lstat(path, &status) < 0)
		return error_set(error, ERROR_SYSTEM, errno, path, "can't use the workspace");
	if (!S_ISDIR(status.st_mode))
		return error_set(error, ERROR_INVALID, 0, path,
				 "can't be the workspace: it is no directory%s",
				 S_ISLNK(status.st_mode) ? " but a symbolic link" : "");
	if (status.st_uid != geteuid())
		return error_set(error, ERROR_DENIED, 0, path,
				 "can't be the workspace: it belongs to another user");
	if (status.st_mode & (S_IWGRP | S_IWOTH))
		return error_set(error, ERROR_DENIED, 0, path,
				 "can't be the workspace: others may write there");
	return true;
}

bool workspace_root(char path[PATH_MAX], struct error *error)
{
	if (!name_root(path, error))
		return false;
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return error_set(error, ERROR_SYSTEM, errno, path, "can't make the workspace");
	return check_root(path, error);
}

bool workspace_root_find(char path[PATH_MAX], struct error *error)
{
	return name_root(path, error) && check_root(path, error);
}
