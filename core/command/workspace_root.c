/* SPDX-License-Identifier: Apache-2.0 */
/* See workspace_root.h. */
#include "workspace_root.h"
#include "memory.h"
#include "message.h"
#include "workspace.h"

const char *workspace_root_path(void)
{
	struct storage_error error;
	char path[PATH_MAX];

	if (!workspace_root(path, &error))
		message_fail_text(error.text);
	return memory_text("%s", path);
}
