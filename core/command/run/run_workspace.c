/* SPDX-License-Identifier: Apache-2.0 */
/* See run_workspace.h. */
#include "command/run/run_workspace.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "local/workspace.h"

const char *workspace_root_path(void)
{
	struct error error;
	char path[PATH_MAX];

	if (!workspace_root(path, &error))
		message_fail_text(error.text);
	return memory_text("%s", path);
}
