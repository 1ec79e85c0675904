/* SPDX-License-Identifier: Apache-2.0 */
/* See workspace_root.h. */
#include "workspace_root.h"
#include "absolute.h"
#include "memory.h"
#include "message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static char *root_path(void)
{
	const char *workspace = variable("FLYTECTX_WORKSPACE"), *directory = variable("TMPDIR");

	if (workspace)
		return memory_text("%s", workspace);
	return memory_text("%s/flytectx-%lu", directory ? directory : "/tmp",
			   (unsigned long)geteuid());
}

const char *workspace_root(void)
{
	char *path = root_path();
	struct stat status;

	/* With a slash behind it lstat() would follow a link. */
	for (size_t length = strlen(path); length > 1 && path[length - 1] == '/'; length--)
		path[length - 1] = '\0';
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		message_fail(path, "can't make the workspace: %s", strerror(errno));
	if (lstat(path, &status) < 0)
		message_fail(path, "can't use the workspace: %s", strerror(errno));
	if (!S_ISDIR(status.st_mode))
		message_fail(path, "can't be the workspace: it is no directory%s",
			     S_ISLNK(status.st_mode) ? " but a symbolic link" : "");
	if (status.st_uid != geteuid())
		message_fail(path, "can't be the workspace: it belongs to another user");
	if (status.st_mode & (S_IWGRP | S_IWOTH))
		message_fail(path, "can't be the workspace: others may write there");
	return absolute_path(path);
}
