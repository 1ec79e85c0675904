/* SPDX-License-Identifier: Apache-2.0 */
/* See exports.h: the calls of programs that wait until they are done (SPEC 4.2). */
#include "checkpoint/exports.h"
#include "checkpoint/failure.h"
#include "checkpoint/latest.h"
#include "checkpoint/open_checkpoint.h"
#include "checkpoint/uncancelled.h"
#include "local/call_count.h"

const struct flyte_task_checkpoint *flytectx_checkpoint(const struct flyte_task_context *context)
{
	UNCANCELLED;
	struct error error;
	struct open_checkpoint *open = open_checkpoint(context, &error);

	if (open && open_checkpoint_workspace(open, &error))
		return &open->shown;
	failure_note(&error);
	return NULL;
}

/* --- saving ------------------------------------------------------------------------------ */

static int save(const struct flyte_task_context *context, const struct checkpoint_input *input)
{
	UNCANCELLED;
	struct error error;
	struct open_checkpoint *open = open_checkpoint(context, &error);

	if (!open || !open_checkpoint_save(open, input, NULL, &error))
		return failure_note(&error);
	return 0;
}

int flytectx_checkpoint_save_bytes(const struct flyte_task_context *context, const void *data,
				   size_t size)
{
	return save(context, &(struct checkpoint_input) { data, size, NULL });
}

int flytectx_checkpoint_save_path(const struct flyte_task_context *context, const char *path)
{
	return save(context, &(struct checkpoint_input) { NULL, 0, path });
}

/* --- loading ----------------------------------------------------------------------------- */

int flytectx_checkpoint_load(const struct flyte_task_context *context, char *path, size_t size)
{
	UNCANCELLED;
	struct error error;
	struct open_checkpoint *open;
	int answer;

	if (!path && size) {
		checkpoint_nowhere(&error);
		return failure_note(&error);
	}
	open = open_checkpoint(context, &error);
	answer = open ? open_checkpoint_load(open, NULL, path, size, &error) : -1;

	return answer < 0 ? failure_note(&error) : answer;
}

int flytectx_latest_checkpoint(const char *root, const char *glob, char *path, size_t size)
{
	UNCANCELLED;
	struct error error;
	int answer;

	if (!root || (!path && size)) {
		error_set(&error, ERROR_INVALID, EINVAL, "checkpoint",
			  "the directory or the place for its path is NULL");
		return failure_note(&error);
	}
	answer = latest(root, glob ? glob : LATEST_GLOB, path, size, &error);

	return answer < 0 ? failure_note(&error) : answer;
}

int64_t flytectx_call_sequence(const struct flyte_task_context *context, int attempt,
			       const char *task_hash, const char *input_hash, const char *group)
{
	UNCANCELLED;
	const struct call call = { task_hash, input_hash, group };
	struct error error;
	int64_t number = call_count_next(context, attempt, &call, &error);

	return number < 0 ? failure_note(&error) : number;
}
