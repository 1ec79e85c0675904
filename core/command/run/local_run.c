/* SPDX-License-Identifier: Apache-2.0 */
/* See local_run.h. */
#include "command/run/local_run.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "command/run/run_workspace.h"

#include <bsd/stdlib.h>

/* Different for each run: two at the same time must not share a checkpoint. */
static const char *random_name(void)
{
	uint64_t number;

	arc4random_buf(&number, sizeof(number));
	return memory_text("local-%016llx", (unsigned long long)number);
}

static const char *directory;

static void fill(const char **path, const char *name)
{
	if (!*path)
		*path = memory_text("%s/%s", directory, name);
}

static void fill_paths(struct flyte_task_context *task, const char *name)
{
	if (task->raw_data_path.path && task->output_path && task->checkpoint_paths.checkpoint_path)
		return;
	directory = memory_text("%s/%s", workspace_root_path(), name);
	fill(&task->raw_data_path.path, "raw");
	fill(&task->output_path, "outputs");
	fill(&task->run_base_dir, "run");
	fill(&task->checkpoint_paths.checkpoint_path, "checkpoint");
}

const char *local_run_directory(void)
{
	return directory;
}

void local_run_fill(struct flyte_task_context *task)
{
	/* Not --name for the directory: that need not be unique, nor the name of a file. */
	const char *name = random_name();

	if (!task->action.name)
		task->action.name = name;
	if (task->mode == FLYTE_MODE_LOCAL)
		fill_paths(task, name);
}
