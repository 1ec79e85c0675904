/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as the environment of a pod, one entry up to each NUL: what comes out is what the
 * first non-empty entry of each name says, the path rewrite is cut as the SDK cuts it, and the
 * context survives the way through a carrier.
 */
#include "context/pod_env.h"
#include "require.h"
#include "context/wire.h"

/* The first value of `name` that is not empty, looked for in the simplest way. */
static const char *value_of(char *const *entries, const char *name)
{
	size_t length = strlen(name);

	for (; *entries; entries++)
		if (!strncmp(*entries, name, length) && (*entries)[length] == '=' &&
		    (*entries)[length + 1])
			return *entries + length + 1;
	return NULL;
}

static void check_noted(char *const *entries, const struct pod_env *pod)
{
	require(pod->action_name == value_of(entries, "ACTION_NAME"));
	require(pod->run_name == value_of(entries, "RUN_NAME"));
	require(pod->execution_id == value_of(entries, "FLYTE_INTERNAL_EXECUTION_ID"));
	require(pod->project == value_of(entries, "FLYTE_INTERNAL_EXECUTION_PROJECT"));
	require(pod->domain == value_of(entries, "FLYTE_INTERNAL_EXECUTION_DOMAIN"));
	require(pod->org == value_of(entries, "_U_ORG_NAME"));
	require(pod->run_base_dir == value_of(entries, "_U_RUN_BASE"));
	require(pod->attempt_number == value_of(entries, "FLYTE_ATTEMPT_NUMBER"));
	require(pod->path_rewrite == value_of(entries, "_F_PATH_REWRITE"));
}

/* "old->new" with one arrow, both sides set and different; the length of the old, or 0. */
static size_t old_prefix_length(const char *rewrite)
{
	const char *arrow = rewrite ? strstr(rewrite, "->") : NULL;
	size_t length = arrow ? (size_t)(arrow - rewrite) : 0;

	if (!length || !arrow[2] || strstr(arrow + 2, "->"))
		return 0;
	if (strlen(arrow + 2) == length && !memcmp(rewrite, arrow + 2, length))
		return 0;
	return length;
}

static void check_rewrite(const char *rewrite, const struct flyte_task_context *task)
{
	const char *old_prefix = task->raw_data_path.path_rewrite.old_prefix;
	const char *new_prefix = task->raw_data_path.path_rewrite.new_prefix;
	size_t length = old_prefix_length(rewrite);

	if (!length) {
		require(!old_prefix && !new_prefix);
		return;
	}
	require(old_prefix && strlen(old_prefix) == length);
	require(!memcmp(old_prefix, rewrite, length));
	require(new_prefix && !strcmp(new_prefix, rewrite + length + 2));
}

static void check_carrier(const struct context *context)
{
	struct context again;
	size_t length = wire_length(context);
	char *text = allocate(length + 1), *twice;
	struct wire_size size;
	void *memory;

	wire_encode(context, length, text);
	require(wire_check(text, &size) == WIRE_OK);
	memory = allocate(size.memory);
	wire_decode(text, &size, memory, &again);
	require(wire_length(&again) == length);
	twice = allocate(length + 1);
	wire_encode(&again, length, twice);
	require(!strcmp(text, twice));
	free(twice);
	free(memory);
	free(text);
}

/* The mount is the new prefix, or what is behind its "file://". */
static void check_mount(struct context *context)
{
	const char *mount = pod_env_mount(context);
	const char *place = context->task.raw_data_path.path_rewrite.new_prefix;

	require(!mount || (place && (mount == place || mount == place + strlen("file://"))));
	pod_env_drop_rewrite(context);
	require(!pod_env_mount(context));
}

static void check_context(const struct pod_env *pod)
{
	char *memory = allocate(pod_env_memory(pod));
	struct context context;
	const struct flyte_action_id *action = &context.task.action;

	pod_env_context(pod, memory, &context);
	require(action->name == (pod->action_name ? pod->action_name : pod->execution_id));
	require(action->run_name && action->project == pod->project);
	require(context.task.mode == FLYTE_MODE_REMOTE);
	check_rewrite(pod->path_rewrite, &context.task);
	check_carrier(&context);
	check_mount(&context);
	free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char **entries = texts_of(data, size);
	struct pod_env pod = { 0 };

	for (size_t i = 0; entries[i]; i++)
		pod_env_note(&pod, entries[i]);
	check_noted(entries, &pod);
	require(pod_env_is_task(&pod) == (pod.action_name || pod.execution_id));
	if (pod_env_is_task(&pod))
		check_context(&pod);
	texts_free(entries);
	return 0;
}
