/* SPDX-License-Identifier: Apache-2.0 */
/* See absolute.h. */
#include "absolute.h"
#include "memory.h"
#include "message.h"

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
