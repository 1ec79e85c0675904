/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flytectx run - makes the context and becomes CMD in it, preloaded (SPEC 5.1). What the context
 * is: run_context.c; how CMD gets it: run_environment.c; where CMD is tried again, its directory
 * saved or its failure reported: supervise.c.
 */
#include "command/command.h"
#include "command/program/preload_path.h"
#include "command/terminal/message.h"
#include "command/run/destination.h"
#include "command/run/run_carry.h"
#include "command/run/run_context.h"
#include "command/run/run_environment.h"
#include "command/run/run_exec.h"
#include "command/run/sub_action.h"
#include "command/run/supervise.h"

#include <errno.h>

int command_run(int argc, char *argv[])
{
	struct run_options options;
	struct context context;
	enum run_kind kind;
	const char *library;
	char **envp;

	message_set_status(EXIT_FAILED, EXIT_FAILED);
	run_options_read(argc, argv, &options);
	library = library_path();
	kind = run_context_make(&options, &context);
	if (options.has_retries || options.checkpoint_directory || options.report_errors ||
	    (options.carry && run_carry_is_watched()))
		return supervise(&options, &context, kind, library);
	destination_resume(&context.task);
	if (kind != RUN_SAME)
		sub_action_count_anew(&context);
	envp = run_environment(&context, library);
	run_carry_exec(options.carry, options.command[0], library, envp);
	run_exec(&context, options.command, envp);
	run_exec_failed(options.command[0], errno);
}
