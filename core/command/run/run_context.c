/* SPDX-License-Identifier: Apache-2.0 */
/* See run_context.h. */
#include "command/run/run_context.h"
#include "command/look/environment_context.h"
#include "command/look/task_fields.h"
#include "command/run/inputs.h"
#include "command/run/local_run.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "command/run/sub_action.h"

#include <unistd.h>

static void apply_options(const struct run_options *options, struct flyte_task_context *task)
{
	for (size_t i = 0; i < STRING_FIELDS; i++) {
		const char *value = field_value(&options->given, string_fields[i].offset);

		if (value)
			field_set(task, string_fields[i].offset, value);
	}
	if (options->given.mode != FLYTE_MODE_UNSET)
		task->mode = options->given.mode;
	if (options->has_start)
		task->run_start_time = options->given.run_start_time;
	task->interactive_mode |= options->given.interactive_mode;
}

/*
 * Which action is the real task? Of a carrier it says so itself. A pod's variables only name it,
 * and options add to what they tell of its run. Outside a task it is the action that we make.
 */
static void settle_task_action(enum environment_source source, struct flyte_task_context *task)
{
	const char *name = task->task_action.name;

	if (source == ENVIRONMENT_CARRIER)
		return;
	task->task_action = task->action;
	if (source == ENVIRONMENT_POD)
		task->task_action.name = name;
}

static void drop_if_blank(const char **path)
{
	if (*path && !**path)
		*path = NULL;
}

static void put_all(struct context_pairs *pairs, const struct flyte_pair *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		context_pairs_put(pairs, items[i]);
}

static void take_inputs(const struct run_options *options, struct flyte_task_context *task,
			struct context_pairs *inputs)
{
	const char *why_not;

	task->input_path = inputs_path(options->given.input_path);
	why_not = inputs_read(task->input_path, options->inputs_are_optional, inputs);
	if (why_not && !options->inputs_are_optional)
		message_fail_text(why_not);
	if (why_not)
		message_warn_text(
			memory_text("%s; CMD runs without their custom context", why_not));
}

/* Inherited pairs, then those of inputs.pb, then the options: the later wins. */
static void merge_pairs(const struct run_options *options, struct context *context)
{
	struct context_pairs inputs = { 0 }, pairs;
	size_t inherited = context->task.custom_context.count, capacity;

	if (options->given.input_path)
		take_inputs(options, &context->task, &inputs);
	capacity = inherited + inputs.count + options->pair_count;
	if (capacity > CONTEXT_PAIRS_MAX)
		message_fail("custom context", "it is too large: %zu pairs of at most %d", capacity,
			     CONTEXT_PAIRS_MAX);
	context_pairs_begin(&pairs, memory_get(capacity * sizeof(struct flyte_pair)),
			    memory_get(context_index_size(capacity)), capacity);
	put_all(&pairs, context->task.custom_context.items, inherited);
	put_all(&pairs, inputs.items, inputs.count);
	put_all(&pairs, options->pairs, options->pair_count);
	context_set_pairs(context, &pairs);
}

static enum run_kind kind_of(const struct run_options *options, enum environment_source source,
			     const struct context *here)
{
	if (source != ENVIRONMENT_NONE)
		return sub_action_is_wanted(options, here) ? RUN_SUB_ACTION : RUN_SAME;
	if (options->has_sub_action)
		message_fail("--sub-action", "there is no task here that it could be a part of");
	return RUN_TASK;
}

static enum environment_source made_of;

bool run_context_is_of_pod(void)
{
	return made_of == ENVIRONMENT_POD;
}

enum run_kind run_context_make(const struct run_options *options, struct context *context)
{
	enum environment_source source = made_of = environment_read(environ, context);
	enum run_kind kind = kind_of(options, source, context);
	struct flyte_task_context *task = &context->task;
	const struct flyte_task_context here = *task;

	apply_options(options, task);
	merge_pairs(options, context);
	if (kind == RUN_SUB_ACTION)
		sub_action_make(options, &here, context);
	if (kind == RUN_TASK) {
		if (task->mode == FLYTE_MODE_UNSET)
			task->mode = FLYTE_MODE_LOCAL;
		local_run_fill(task);
	}
	drop_if_blank(&task->checkpoint_paths.checkpoint_path);
	drop_if_blank(&task->checkpoint_paths.prev_checkpoint_path);
	settle_task_action(source, task);
	context_complete(context);
	return kind;
}
