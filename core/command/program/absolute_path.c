/* SPDX-License-Identifier: Apache-2.0 */
/* See absolute_path.h. */
#include "command/program/absolute_path.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

const char *absolute_path(const char *path)
{
	char *directory;

	if (*path == '/')
		return path;
	directory = get_current_dir_name();
	if (!directory)
		message_fail(path, "can't be made absolute: %s", strerror(errno));
	return memory_text("%s/%s", strcmp(directory, "/") ? directory : "", path);
}
