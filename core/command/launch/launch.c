/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flytectx launch - becomes a launcher of processes on other machines, with what takes the context
 * there in its command line or environment (SPEC 3.22). Which launchers there are: launcher.c.
 */
#include "command/launch/launch.h"
#include "command/command.h"
#include "command/look/environment_context.h"
#include "context/env.h"
#include "command/launch/launcher.h"
#include "command/program/preload_path.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "context/preload_list.h"
#include "command/run/run_environment.h"
#include "command/run/run_exec.h"
#include "context/wire.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"usage: flytectx launch [--no-preload] [--] LAUNCHER [ARG...]\n"
	"\n"
	"Becomes LAUNCHER, which starts processes on other machines, and takes the context there:\n"
	"what its own command line says of the environment is added to. LAUNCHER is one of\n"
	"\n" LAUNCHER_NAMES "\n"
	"\n"
	"  --no-preload  the context goes along, the preload does not: where the library is not "
	"at\n"
	"                the same path on the other machines\n"
	"  --help        this text\n"
	"\n"
	"Outside a task LAUNCHER runs as it is. What only starts processes on this machine needs "
	"no\n"
	"`flytectx launch`.\n"
	"\n"
	"Exit status: that of LAUNCHER; 125 if flytectx itself fails, also for a launcher that it\n"
	"doesn't know, 126 if LAUNCHER can't be executed, 127 if it is not found.\n";

/*
 * What belongs to the task and not to one process of it: the rank and what comes with it is set
 * anew by launchers.
 */
static const char *const carried[LAUNCH_VARIABLES] = {
	WIRE_NAME, PRELOAD_NAME,       "TRACEPARENT",          "TRACESTATE",
	"BAGGAGE", "FLYTECTX_BAGGAGE", "FLYTE_ATTEMPT_NUMBER", "JOBSET_RESTART_ATTEMPT",
};

const char *launch_preload(const struct launch *launch, const char *list)
{
	char *longer;

	if (!launch->library || preload_list_find(list).length)
		return list;
	longer = memory_get(strlen(list) + strlen(launch->library) + 3);
	preload_list_add(list, launch->library, longer);
	return longer;
}

static bool is_listed(const char *list, const char *name, char separator)
{
	const char ends[] = { separator, '=', '\0' };
	size_t length = strlen(name);

	for (const char *at = list; at; at = strchr(at, separator)) {
		at += *at == separator;
		if (!strncmp(at, name, length) && strcspn(at, ends) == length)
			return true;
	}
	return false;
}

const char *launch_names(const struct launch *launch, const char *list, char separator)
{
	for (size_t i = 0; i < launch->variable_count; i++)
		if (!is_listed(list, launch->variables[i], separator))
			list = memory_text("%s%.*s%s", list, *list ? 1 : 0, &separator,
					   launch->variables[i]);
	return list;
}

/* The entry that is in LD_PRELOAD here. */
static void find_library(struct launch *launch)
{
	const char *list = getenv(PRELOAD_NAME);
	struct text_span entry = preload_list_find(list ? list : "");

	if (entry.length)
		launch->library = memory_text("%.*s", (int)entry.length, entry.start);
}

static void list_variables(struct launch *launch)
{
	for (size_t i = 0; i < LAUNCH_VARIABLES; i++)
		if (getenv(carried[i]) &&
		    (launch->library || strcmp(carried[i], PRELOAD_NAME) != 0))
			launch->variables[launch->variable_count++] = carried[i];
}

/* The environment of the launcher becomes ours. */
static void carry(const struct launcher *launcher, const struct context *context, bool preload,
		  struct launch *launch)
{
	environ = run_environment(context, library_path());
	/* FLYTECTX_PROPAGATE=0 */
	if (!getenv(WIRE_NAME))
		return;
	if (preload)
		find_library(launch);
	list_variables(launch);
	launcher->carry(launch);
}

static bool is_disabled(void)
{
	const char *value = env_get(environ, "FLYTECTX_DISABLE=");

	return value && !strcmp(value, "1");
}

int command_launch(int argc, char *argv[])
{
	static const struct option options[] = { { "no-preload", no_argument, NULL, 'n' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	struct launch launch = { 0 };
	const struct launcher *launcher;
	struct context context;
	bool preload = true;
	int option;

	message_set_status(EXIT_FAILED, EXIT_FAILED);
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:h", options, NULL)) != -1) {
		if (option == 'h')
			message_help(help);
		if (option != 'n')
			message_option("launch", option, argv);
		preload = false;
	}
	if (optind >= argc)
		message_usage("launch", "no LAUNCHER is given (see flytectx launch --help)");
	command_line_begin(&launch.words, argv + optind);
	launcher = launcher_find(argv[optind]);
	if (is_disabled() || environment_read(environ, &context) == ENVIRONMENT_NONE) {
		execvp(argv[optind], argv + optind);
		run_exec_failed(argv[optind], errno);
	}
	carry(launcher, &context, preload, &launch);
	run_exec(&context, launch.words.at, environ);
	run_exec_failed(argv[optind], errno);
}
