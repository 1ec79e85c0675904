/* SPDX-License-Identifier: Apache-2.0 */
/* See sub_action.h. */
#include "command/run/sub_action.h"
#include "context/action_name.h"
#include "local/call_count.h"
#include "command/look/environment_context.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "local/digest_name.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool sub_action_is_wanted(const struct run_options *options, const struct context *here)
{
	const char *name = options->given.action.name;

	/* A pod's own command line names the action that is there. */
	return options->has_sub_action || (name && strcmp(name, here->task.action.name) != 0);
}

/* --- what the call is -------------------------------------------------------------------- */

static int compare_keys(const void *a, const void *b)
{
	return strcmp(((const struct flyte_pair *)a)->key, ((const struct flyte_pair *)b)->key);
}

/* In the order of the keys: the order in which scopes were entered makes no other call. */
static size_t put_pairs(const char **parts, const struct flyte_pair_list *list)
{
	struct flyte_pair *sorted = memory_get(list->count * sizeof(*sorted));

	memcpy(sorted, list->items, list->count * sizeof(*sorted));
	qsort(sorted, list->count, sizeof(*sorted), compare_keys);
	for (size_t i = 0; i < list->count; i++) {
		parts[2 * i] = sorted[i].key;
		parts[2 * i + 1] = sorted[i].value;
	}
	return 2 * list->count;
}

static const char *hash_inputs(const struct run_options *options,
			       const struct flyte_task_context *task)
{
	const struct flyte_pair_list *pairs = &task->custom_context;
	char directory[PATH_MAX], *name = memory_get(PARTS_NAME_SIZE);
	size_t arguments = 0, count = 0;
	const char **parts;

	while (options->command[arguments + 1])
		arguments++;
	parts = memory_get((arguments + 3 + 2 * pairs->count) * sizeof(*parts));
	if (!getcwd(directory, sizeof(directory)))
		message_fail("--sub-action", "can't name the working directory: %s",
			     strerror(errno));
	parts[count++] = directory;
	parts[count++] = options->given.input_path ? task->input_path : NULL;
	for (size_t i = 0; i < arguments; i++)
		parts[count++] = options->command[i + 1];
	parts[count++] = NULL;
	count += put_pairs(parts + count, pairs);
	digest_name(parts, count, name);
	return name;
}

static uint64_t count_call(const struct flyte_task_context *here, const struct context *context,
			   const struct call *call)
{
	struct error error;
	long long attempt;
	int64_t sequence;

	if (!environment_attempt(environ, context, &attempt))
		message_fail("FLYTE_ATTEMPT_NUMBER", "not a number: %s",
			     environment_attempt_text(environ, context));
	sequence = call_count_next(here, attempt, call, &error);
	if (sequence < 0)
		message_fail_text(error.text);
	return (uint64_t)sequence;
}

static const char *derive_name(const struct run_options *options,
			       const struct flyte_task_context *here, const struct context *context)
{
	const char *key = options->sub_action_key;
	const struct call call = {
		.task_hash = key ? key : options->command[0],
		.input_hash = key ? "" : hash_inputs(options, &context->task),
		.group = context->task.group,
	};
	uint64_t sequence = (uint64_t)options->sub_action_sequence;
	char *name = memory_get(FLYTE_ACTION_NAME_SIZE);

	if (!sequence)
		sequence = count_call(here, context, &call);
	action_name_derive(here->action.name, sequence, call.task_hash, call.input_hash, call.group,
			   name);
	return name;
}

/* --- what it becomes --------------------------------------------------------------------- */

/* What is the action's own, but was given. A checkpoint elsewhere has none before it. */
static void put_given(const struct flyte_task_context *given,
		      const struct flyte_task_context *applied, struct flyte_task_context *task)
{
	if (given->input_path)
		task->input_path = applied->input_path;
	if (given->output_path)
		task->output_path = applied->output_path;
	if (given->checkpoint_paths.checkpoint_path)
		task->checkpoint_paths = (__typeof__(task->checkpoint_paths)) {
			.checkpoint_path = applied->checkpoint_paths.checkpoint_path
		};
	if (given->checkpoint_paths.prev_checkpoint_path)
		task->checkpoint_paths.prev_checkpoint_path =
			applied->checkpoint_paths.prev_checkpoint_path;
}

void sub_action_make(const struct run_options *options, const struct flyte_task_context *here,
		     struct context *context)
{
	struct flyte_task_context *task = &context->task;
	const struct flyte_task_context applied = *task;
	struct flyte_action_id action = task->action;

	if (options->has_sub_action)
		action.name = derive_name(options, here, context);
	if (flyte_sub_action_make_(task, &action,
				   memory_get(sizeof(struct flyte_sub_action_paths_))) < 0)
		message_fail("--name", "%s can't be the name of a folder: %s", action.name,
			     strerror(errno));
	put_given(&options->given, &applied, task);
}

void sub_action_count_anew(const struct context *context)
{
	long long attempt;

	if (environment_attempt(environ, context, &attempt))
		call_count_forget(&context->task, attempt);
}
