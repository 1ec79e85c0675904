/* SPDX-License-Identifier: Apache-2.0 */
/* See pod_env.h. */
#include "context/pod_env.h"
#include "context/raw_data.h"

void pod_env_note(struct pod_env *pod, const char *entry)
{
	/* In the order of the members; as a table they would be twice as long. */
	static const char names[] = "ACTION_NAME=\0"
				    "RUN_NAME=\0"
				    "FLYTE_INTERNAL_EXECUTION_ID=\0"
				    "FLYTE_INTERNAL_EXECUTION_PROJECT=\0"
				    "FLYTE_INTERNAL_EXECUTION_DOMAIN=\0"
				    "_U_ORG_NAME=\0"
				    "_U_RUN_BASE=\0"
				    "FLYTE_ATTEMPT_NUMBER=\0"
				    "_F_PATH_REWRITE=\0"
				    "FLYTE_INTERNAL_TASK_NAME=\0"
				    "FLYTE_INTERNAL_TASK_VERSION=\0";
	const char **member = pod->values;

	for (const char *name = names; *name; name += text_length(name) + 1, member++) {
		const char *value = text_after(entry, name);

		if (value && *value && !*member)
			*member = value;
	}
}

bool pod_env_is_task(const struct pod_env *pod)
{
	return pod->action_name || pod->execution_id;
}

size_t pod_env_memory(const struct pod_env *pod)
{
	return pod->path_rewrite ? text_length(pod->path_rewrite) + 1 : 0;
}

/*
 * "old->new", as the SDK reads it: exactly one arrow, both sides set and different, no blanks
 * trimmed. What is not that is no rewrite.
 */
static void split_rewrite(const char *text, char *memory, struct flyte_task_context *task)
{
	const char *arrow = NULL;
	size_t length = text_length(text);

	for (const char *p = text; *p; p++)
		if (p[0] == '-' && p[1] == '>') {
			if (arrow)
				return;
			arrow = p;
		}
	if (!arrow || arrow == text || !arrow[2])
		return;
	text_copy(memory, text, length + 1);
	memory[arrow - text] = '\0';
	if (text_equal(memory, arrow + 2))
		return;
	task->raw_data_path.path_rewrite.old_prefix = memory;
	task->raw_data_path.path_rewrite.new_prefix = memory + (arrow - text) + 2;
}

void pod_env_context(const struct pod_env *pod, char *memory, struct context *context)
{
	struct flyte_task_context *task = &context->task;

	*context = (struct context) { 0 };
	task->action.name = pod->action_name ? pod->action_name : pod->execution_id;
	task->action.run_name = pod->run_name ? pod->run_name : pod->execution_id;
	task->action.project = pod->project;
	task->action.domain = pod->domain;
	task->action.org = pod->org;
	task->run_base_dir = pod->run_base_dir;
	task->task_name = pod->task_name;
	task->version = pod->task_version;
	task->mode = FLYTE_MODE_REMOTE;
	context->attempt_number = pod->attempt_number;
	if (pod->path_rewrite)
		split_rewrite(pod->path_rewrite, memory, task);
	context_complete(context);
}

const char *pod_env_mount(const struct context *context)
{
	const char *place = context->task.raw_data_path.path_rewrite.new_prefix;

	return place && raw_data_is_local(place) ? raw_data_directory(place) : NULL;
}

void pod_env_drop_rewrite(struct context *context)
{
	context->task.raw_data_path.path_rewrite.old_prefix = NULL;
	context->task.raw_data_path.path_rewrite.new_prefix = NULL;
}
