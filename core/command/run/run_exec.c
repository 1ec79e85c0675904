/* SPDX-License-Identifier: Apache-2.0 */
/* See run_exec.h. */
#include "command/run/run_exec.h"
#include "command/terminal/message.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Where the preload is in this very process, its exec would hand on the context that is here. */
static void tell_own_preload(const struct context *context)
{
	if (!flyte_replace_task_context(&context->task))
		message_fail("context", "the preload of flytectx does not take it: %s",
			     strerror(errno));
}

void run_exec(const struct context *context, char *command[], char *envp[])
{
	tell_own_preload(context);
	execvpe(command[0], command, envp);
}

void run_exec_failed(const char *name, int number)
{
	message_exit(number == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE, name, "%s",
		     strerror(number));
}
