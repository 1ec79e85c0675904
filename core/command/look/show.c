/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flytectx show - the whole context, here or of a process, for people (SPEC 5.11). For programs:
 * show_json.c, and get.c for one field.
 */
#include "command/command.h"
#include "command/look/environment_context.h"
#include "command/look/task_fields.h"
#include "command/terminal/message.h"
#include "command/terminal/printable.h"
#include "command/look/process_environ.h"
#include "command/look/show.h"
#include "local/timestamp.h"

#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

static const char help[] =
	"usage: flytectx show [--json] [PID]\n"
	"\n"
	"Prints the context here, or the one that the process PID was started with: a line\n"
	"`name: value` for each field that is set, the custom context last and in its order.\n"
	"\n"
	"  --json   one JSON object, with null for what is unset\n"
	"  --help   this text\n"
	"\n"
	"A value never breaks its line: a backslash is printed as \\\\, control characters as "
	"\\n,\n"
	"\\t and so on or as \\xHH, and each byte that is not UTF-8 as \\xHH. In JSON each such "
	"byte\n"
	"becomes U+FFFD; of keys that become the same by that, the last counts.\n"
	"`flytectx get` prints values as they are.\n"
	"\n"
	"Exit status: 0; 1 outside a task, or where PID can't be looked at; 2 for wrong usage.\n";

static void print_line(const char *prefix, const char *name, const char *value)
{
	fputs(prefix, stdout);
	printable_write(stdout, name);
	fputs(": ", stdout);
	printable_write(stdout, value);
	fputc('\n', stdout);
}

static void print_flag(const char *name, bool flag)
{
	if (flag)
		print_line("", name, "true");
}

static void print_scalars(const struct shown *shown)
{
	const struct flyte_task_context *task = &shown->context.task;
	char time[TIMESTAMP_SIZE];

	if (mode_name(task->mode))
		print_line("", "mode", mode_name(task->mode));
	print_line("", "run_start_time", timestamp_text(task->run_start_time, time));
	print_flag("interactive_mode", task->interactive_mode);
	print_flag("disable_run_cache", task->disable_run_cache);
	print_flag("in_trace", task->in_trace);
	if (shown->has_attempt)
		printf("attempt_number: %lld\n", shown->attempt_number);
}

static void show_text(const struct shown *shown)
{
	const struct flyte_task_context *task = &shown->context.task;

	for (size_t i = 0; i < STRING_FIELDS; i++) {
		const char *value = field_value(task, string_fields[i].offset);

		if (value)
			print_line("", string_fields[i].name, value);
	}
	print_scalars(shown);
	for (size_t i = 0; i < task->custom_context.count; i++)
		print_line("custom_context.", task->custom_context.items[i].key,
			   task->custom_context.items[i].value);
}

static void read_shown(const char *pid, struct shown *shown)
{
	char **envp = pid ? process_environ(pid) : environ;

	if (environment_read(envp, &shown->context) == ENVIRONMENT_NONE)
		message_fail(pid ? pid : "no context here",
			     pid ? "no context there: neither %s" : "neither %s",
			     "FLYTE_CTX nor a Flyte pod's variables are set");
	shown->has_attempt = environment_attempt(envp, &shown->context, &shown->attempt_number);
	if (!shown->has_attempt)
		message_warn("FLYTE_ATTEMPT_NUMBER", "not a number: %s",
			     environment_attempt_text(envp, &shown->context));
}

int command_show(int argc, char *argv[])
{
	static const struct option options[] = { { "help", no_argument, NULL, 'h' },
						 { "json", no_argument, NULL, 'j' },
						 { 0 } };
	struct shown shown;
	bool json = false;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == 'h')
			message_help(help);
		if (option != 'j')
			message_option("show", option, argv);
		json = true;
	}
	if (argc - optind > 1)
		message_usage("show", "one PID at most (see flytectx show --help)");
	read_shown(argv[optind], &shown);
	if (json)
		show_json(&shown);
	else
		show_text(&shown);
	message_end_output();
	return 0;
}
