/* SPDX-License-Identifier: Apache-2.0 */
/* See attempt_outcome.h. */
#include "command/run/attempt_outcome.h"
#include "command/checkpoint/checkpoint_library.h"
#include "command/run/job.h"
#include "command/run/signals.h"
#include "command/terminal/message.h"
#include "local/raw_outputs.h"
#include "local/variable.h"

#include <string.h>

enum { NONE, PERMANENT, RECOVERABLE };

/* NULL where there is no output path and no raw container's directory, or nothing that could look
 * there. */
static const struct checkpoint_library *library_for(const struct context *context)
{
	const char *why_not;

	const bool is_raw = context->task.mode == FLYTE_MODE_REMOTE && raw_outputs_directory();

	return context->task.output_path || is_raw ? checkpoint_library_find(&why_not) : NULL;
}

static bool is_rank_0_of_cluster(void)
{
	const char *rank = variable("RANK");

	return variable_first("FLYTE_CLUSTERED_WORKER", "TORCHELASTIC_RUN_ID", NULL) &&
	       (!rank || !strcmp(rank, "0"));
}

/* Never an error of its own: what stays is as it would be without. */
static int clear(void *argument)
{
	const struct context *context = argument;
	const struct checkpoint_library *library = library_for(context);

	if (library->outcome(&context->task) == NONE)
		return 0;
	if (library->outcome_clear(&context->task) < 0)
		message_warn_text(library->error());
	else if (is_rank_0_of_cluster())
		message_warn("error.pb", "removed, an earlier restart of this task has left it");
	return 0;
}

void attempt_outcome_begin(const struct context *context, bool begins_here)
{
	struct context same = *context;
	bool is_local;
	int asked;

	if (!library_for(context))
		return;
	is_local = context->task.output_path && !strstr(context->task.output_path, "://");
	if (!(is_local && begins_here) && !is_rank_0_of_cluster())
		return;
	job_run(clear, &same, &asked);
	if (asked)
		signal_die_of(asked);
}

bool attempt_outcome_is_permanent(const struct context *context)
{
	const struct checkpoint_library *library = library_for(context);
	int outcome = library ? library->outcome(&context->task) : NONE;

	if (outcome < 0)
		message_warn_text(library->error());
	if (outcome == PERMANENT)
		message_warn("error.pb", "the failure is permanent, there are no more attempts");
	if (outcome == RECOVERABLE && library->outcome_clear(&context->task) < 0)
		message_warn_text(library->error());
	return outcome == PERMANENT;
}
