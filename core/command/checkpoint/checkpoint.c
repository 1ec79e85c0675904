/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flytectx checkpoint - saves and loads the checkpoint of the context here, for scripts (SPEC 5.12,
 * 5).
 */
#include "command/checkpoint/checkpoint_library.h"
#include "command/command.h"
#include "command/look/environment_context.h"
#include "command/terminal/message.h"
#include "command/checkpoint/progress.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_NONE 3

static const char help[] =
	"usage: flytectx checkpoint save PATH|-\n"
	"       flytectx checkpoint load\n"
	"       flytectx checkpoint path\n"
	"       flytectx checkpoint latest [GLOB]\n"
	"\n"
	"What an attempt of a task leaves for the next one.\n"
	"\n"
	"  save    saves a file, a directory, or, for -, standard input as the checkpoint of this\n"
	"          attempt; the old one stays until the new one is whole and durable\n"
	"  load    loads the checkpoint of the attempt before, and prints the path of what it has\n"
	"          loaded: a directory, or the file of what was saved as one\n"
	"  path    prints the directory that checkpoints are loaded to\n"
	"  latest  prints the newest file or directory in there that matches GLOB (**/last.ckpt)\n"
	"\n"
	"On a terminal save and load show how far they are.\n"
	"\n"
	"Exit status: 0; 3 where there is nothing to load, or nothing matches; 1 outside a task, "
	"where\n"
	"no checkpoint path is set, or for any other failure; 2 for wrong usage.\n";

__attribute__((noreturn)) static void fail(void)
{
	progress_end();
	message_fail_text(checkpoint_library()->error());
}

static void print(const char *path)
{
	puts(path);
	message_end_output();
}

static int save(const struct flyte_task_context *task, const char *path)
{
	const struct checkpoint_library *library = checkpoint_library();
	bool is_stream = !strcmp(path, "-");
	const struct flytectx_transfer transfer =
		progress_begin("saving", task->checkpoint_paths.checkpoint_path);

	if (library->save(&transfer, is_stream ? NULL : path, STDIN_FILENO) < 0)
		fail();
	progress_end();
	return 0;
}

/* In a restart of a JobSet what this attempt has saved itself goes first (SPEC 4.4). */
static const char *source(const struct flyte_task_context *task)
{
	const struct flytectx_transfer own = { .url = task->checkpoint_paths.checkpoint_path };
	const char *restart = getenv("JOBSET_RESTART_ATTEMPT");
	int is_there;

	if (!own.url || !restart || atoi(restart) <= 0)
		return task->checkpoint_paths.prev_checkpoint_path;
	is_there = checkpoint_library()->exists(&own);
	if (is_there < 0)
		fail();
	return is_there ? own.url : task->checkpoint_paths.prev_checkpoint_path;
}

static int load(const struct flyte_task_context *task)
{
	const char *previous = source(task);
	struct flytectx_transfer transfer;
	char path[PATH_MAX];
	int loaded;

	if (!previous)
		return EXIT_NONE;
	transfer = progress_begin("loading", previous);
	loaded = checkpoint_library()->load(&transfer, &task->task_action, path, sizeof(path));
	if (loaded < 0)
		fail();
	progress_end();
	if (!loaded)
		return EXIT_NONE;
	print(path);
	return 0;
}

static void find_workspace(const struct flyte_task_context *task, char path[PATH_MAX])
{
	if (checkpoint_library()->workspace(&task->task_action, source(task), path, PATH_MAX) < 0)
		fail();
}

static int latest(const struct flyte_task_context *task, const char *glob)
{
	char workspace[PATH_MAX], path[PATH_MAX];
	int found;

	find_workspace(task, workspace);
	found = checkpoint_library()->latest(workspace, glob, path, sizeof(path));
	if (found < 0)
		fail();
	if (!found)
		return EXIT_NONE;
	print(path);
	return 0;
}

static void read_context(struct context *context)
{
	if (environment_read(environ, context) == ENVIRONMENT_NONE)
		message_fail("no context here",
			     "neither FLYTE_CTX nor a Flyte pod's variables are set");
	if (!context->task.checkpoint_paths.checkpoint_path)
		message_fail("checkpoint", "no checkpoint path is set");
}

static int run(const char *what, int count, char *const arguments[])
{
	const bool is_save = !strcmp(what, "save"), is_latest = !strcmp(what, "latest");
	struct context context;
	char path[PATH_MAX];

	if (!is_save && !is_latest && strcmp(what, "load") != 0 && strcmp(what, "path") != 0)
		message_usage(what, "it is not save, load, path or latest (see flytectx checkpoint "
				    "--help)");
	if (is_save && count != 1)
		message_usage("checkpoint save", "one PATH is needed, or - (see flytectx "
						 "checkpoint --help)");
	if (!is_save && count > is_latest)
		message_usage(arguments[is_latest], "checkpoint %s takes no such argument", what);
	read_context(&context);
	if (is_save)
		return save(&context.task, arguments[0]);
	if (is_latest)
		return latest(&context.task, count ? arguments[0] : NULL);
	if (!strcmp(what, "load"))
		return load(&context.task);
	find_workspace(&context.task, path);
	print(path);
	return 0;
}

int command_checkpoint(int argc, char *argv[])
{
	static const struct option options[] = { { "help", no_argument, NULL, 'h' }, { 0 } };
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == 'h')
			message_help(help);
		message_option("checkpoint", option, argv);
	}
	if (optind >= argc)
		message_usage("checkpoint",
			      "save, load, path or latest is needed (see flytectx checkpoint "
			      "--help)");
	return run(argv[optind], argc - optind - 1, argv + optind + 1);
}
