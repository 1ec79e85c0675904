/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints what names.py says that the SDK does: for each call on standard input its sequence, the
 * name of the sub-action, its folder.
 */
#include <stdio.h>
#include <stdlib.h>

#include "flyte_ctx.h"

enum { ATTEMPT, BASE, PARENT, TASK, INPUT, GROUP, FIELDS };

static void fail(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", what, strerror(errno), flyte_checkpoint_error());
	exit(1);
}

static void split(char *line, char *fields[FIELDS])
{
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < FIELDS; i++)
		fields[i] = strsep(&line, "\t");
}

static flyte_token enter(char *fields[FIELDS])
{
	struct flyte_task_context task;

	memset(&task, 0, sizeof(task));
	task.size = sizeof(task);
	task.action.name = fields[PARENT];
	task.action.run_name = "r";
	task.action.project = "p";
	task.action.domain = "d";
	task.action.org = "o";
	task.run_base_dir = fields[BASE];
	task.group = *fields[GROUP] ? fields[GROUP] : NULL;
	setenv("FLYTE_ATTEMPT_NUMBER", fields[ATTEMPT], 1);
	return flyte_replace_task_context(&task);
}

int main(void)
{
	char *line = NULL, *fields[FIELDS], name[FLYTE_ACTION_NAME_SIZE], path[4096];
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		const struct flyte_task_context *task;
		struct flyte_action_id sub;
		flyte_token token;
		int64_t sequence;

		split(line, fields);
		token = enter(fields);
		task = flyte_ctx_get();
		sequence = flyte_action_call_sequence(fields[TASK], fields[INPUT], task->group);
		if (sequence < 0)
			fail("sequence");
		if (flyte_action_new_sub_action_from(&task->action, (uint64_t)sequence,
						     fields[TASK], fields[INPUT], task->group, name,
						     &sub) < 0)
			fail("name");
		if (flyte_sub_action_path(&sub, path, sizeof(path)) < 0)
			fail("path");
		printf("%lld\t%s\t%s\n", (long long)sequence, sub.name, path);
		flyte_context_exit(token);
	}
	free(line);
	return 0;
}
