/* SPDX-License-Identifier: Apache-2.0 */
/* See attempt_paths.h. */
#include "command/run/attempt_paths.h"
#include "command/run/destination.h"
#include "command/run/local_copies.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"

#include <string.h>

/* What the backend calls the object of an attempt, which it counts from 1. */
#define OBJECT "_flytecheckpoints"

/* A sub-action's path is shared, by its attempts and by those of its task. */
static bool has_own_paths(const struct supervision *this)
{
	return this->options->has_retries && this->kind != RUN_SUB_ACTION &&
	       !this->options->given.checkpoint_paths.checkpoint_path;
}

static const char *attempt_path(const struct supervision *this)
{
	const char *raw = this->context->task.raw_data_path.path;
	size_t length = raw ? strlen(raw) : 0;

	if (!raw)
		message_fail("--retries", "there is neither a checkpoint path nor a raw data path "
					  "for checkpoints of each attempt");
	while (length > 1 && raw[length - 1] == '/')
		length--;
	return memory_text("%.*s/%u/" OBJECT, (int)length, raw, this->attempt + 1);
}

void attempt_paths_first(struct supervision *this)
{
	struct flyte_task_context *task = &this->context->task;

	if (!this->options->has_retries || this->kind == RUN_SUB_ACTION)
		return;
	/* What is inherited is the previous checkpoint of the task around us. */
	task->checkpoint_paths.prev_checkpoint_path =
		this->options->given.checkpoint_paths.prev_checkpoint_path;
	if (task->checkpoint_paths.prev_checkpoint_path &&
	    !*task->checkpoint_paths.prev_checkpoint_path)
		task->checkpoint_paths.prev_checkpoint_path = NULL;
	if (has_own_paths(this))
		task->checkpoint_paths.checkpoint_path = attempt_path(this);
}

/* Where a store gives no answer the next attempt might begin with too old a state, or none. */
static bool has(struct supervision *this, const char *url)
{
	int asked = 0;
	enum destination_answer answer =
		this->watch.terminated ? DESTINATION_NONE : destination_ask(url, &asked);

	this->watch.terminated |= asked != 0;
	if (answer == DESTINATION_UNKNOWN && !asked)
		message_fail("--retries",
			     "attempt %u is not begun: it is not known which "
			     "checkpoint is the last",
			     this->attempt);
	return answer == DESTINATION_HAS;
}

/*
 * Is the next attempt to go on from this one's checkpoint? One that ended before its first save
 * hides nothing.
 */
static bool has_saved(struct supervision *this)
{
	const struct flyte_task_context *task = &this->context->task;
	const char *before = task->checkpoint_paths.prev_checkpoint_path;

	if (this->snapshot.directory)
		return this->snapshot.saved || !before;
	return !before || has(this, task->checkpoint_paths.checkpoint_path) || !has(this, before);
}

void attempt_paths_next(struct supervision *this)
{
	struct flyte_task_context *task = &this->context->task;

	if (has_saved(this)) {
		if (has_own_paths(this))
			local_copies_drop(task->checkpoint_paths.prev_checkpoint_path);
		task->checkpoint_paths.prev_checkpoint_path =
			task->checkpoint_paths.checkpoint_path;
	}
	if (has_own_paths(this))
		task->checkpoint_paths.checkpoint_path = attempt_path(this);
}
