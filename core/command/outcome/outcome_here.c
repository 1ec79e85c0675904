/* SPDX-License-Identifier: Apache-2.0 */
/* See outcome_here.h. */
#include "command/outcome/outcome_here.h"
#include "command/checkpoint/checkpoint_library.h"
#include "command/look/environment_context.h"
#include "command/terminal/message.h"

#include <unistd.h>

void outcome_here(struct context *context)
{
	if (environment_read(environ, context) == ENVIRONMENT_NONE)
		message_fail("no context here",
			     "neither FLYTE_CTX nor a Flyte pod's variables are set");
}

void outcome_warn(const char *what, int result)
{
	if (result < 0)
		message_warn_text(checkpoint_library()->error());
	if (result == 1)
		message_warn(what, "not written: rank 0 of this clustered task writes it");
	if (result == 2)
		message_warn(what,
			     "not written: JOBSET_RESTART_ATTEMPT is below JOBSET_MAX_RESTARTS, "
			     "the JobSet starts again");
}

void outcome_end(const char *what, int result)
{
	if (result < 0)
		message_fail_text(checkpoint_library()->error());
	outcome_warn(what, result);
}
