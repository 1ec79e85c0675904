/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flytectx get - one field of the context here, as it is, for scripts (SPEC 5.11).
 */
#include "command/command.h"
#include "command/look/environment_context.h"
#include "command/look/task_fields.h"
#include "command/look/task_properties.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "local/timestamp.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_UNSET    3
#define CUSTOM_PREFIX "custom_context."

static const char help_start[] = "usage: flytectx get FIELD\n"
				 "\n"
				 "Prints the value of a field of the context here, as it is, and a "
				 "newline.\n"
				 "\n"
				 "FIELD is one of\n";

static const char help_end[] = "  custom_context.KEY\n"
			       "\n"
			       "run_start_time is RFC 3339 in UTC, the epoch where it is unknown; "
			       "attempt_number comes from\n"
			       "FLYTE_ATTEMPT_NUMBER, else from the context, else it is 0. rank "
			       "and what follows it come\n"
			       "from RANK, ..., JOBSET_RESTART_ATTEMPT in the environment.\n"
			       "\n"
			       "Exit status: 0; 3 if the field is unset; 1 outside a task, or "
			       "where FLYTE_ATTEMPT_NUMBER is\n"
			       "not a number; 2 for an unknown field or wrong usage.\n";

static const char *get_mode(const struct context *context)
{
	return mode_name(context->task.mode);
}

static const char *get_run_start_time(const struct context *context)
{
	static char text[TIMESTAMP_SIZE];

	return timestamp_text(context->task.run_start_time, text);
}

static const char *get_interactive_mode(const struct context *context)
{
	return context->task.interactive_mode ? "true" : "false";
}

static const char *get_disable_run_cache(const struct context *context)
{
	return context->task.disable_run_cache ? "true" : "false";
}

static const char *get_in_trace(const struct context *context)
{
	return context->task.in_trace ? "true" : "false";
}

static const char *get_attempt_number(const struct context *context)
{
	long long number;

	if (!environment_attempt(environ, context, &number))
		message_fail("attempt_number", "not a number: %s",
			     environment_attempt_text(environ, context));
	return memory_text("%lld", number);
}

/* The fields that are no strings of the context. */
static const struct {
	const char *name;
	const char *(*value)(const struct context *context);
} other_fields[] = {
	{ "mode", get_mode },
	{ "run_start_time", get_run_start_time },
	{ "interactive_mode", get_interactive_mode },
	{ "disable_run_cache", get_disable_run_cache },
	{ "in_trace", get_in_trace },
	{ "attempt_number", get_attempt_number },
};

#define OTHER_FIELDS   (sizeof(other_fields) / sizeof(*other_fields))
#define FIRST_PROPERTY (STRING_FIELDS + OTHER_FIELDS)

/* `before` and `after` each name. */
static void print_names(FILE *to, const char *before, const char *after)
{
	for (size_t i = 0; i < STRING_FIELDS; i++)
		fprintf(to, "%s%s%s", before, string_fields[i].name, after);
	for (size_t i = 0; i < OTHER_FIELDS; i++)
		fprintf(to, "%s%s%s", before, other_fields[i].name, after);
	for (size_t i = 0; i < TASK_PROPERTIES; i++)
		fprintf(to, "%s%s%s", before, task_properties[i].name, after);
}

static void print_help(void)
{
	fputs(help_start, stdout);
	print_names(stdout, "  ", "\n");
	message_help(help_end);
}

__attribute__((noreturn)) static void unknown_field(const char *name)
{
	char *names = NULL;
	size_t length;
	FILE *stream = open_memstream(&names, &length);

	if (stream) {
		print_names(stream, "", ", ");
		fclose(stream);
	}
	message_usage(name, "no such field; there are %scustom_context.KEY", names ? names : "");
}

/* Where `name` is in the three tables, one behind the other; past them: a key of the custom
 * context. */
static size_t find_field(const char *name)
{
	for (size_t i = 0; i < STRING_FIELDS; i++)
		if (!strcmp(name, string_fields[i].name))
			return i;
	for (size_t i = 0; i < OTHER_FIELDS; i++)
		if (!strcmp(name, other_fields[i].name))
			return STRING_FIELDS + i;
	for (size_t i = 0; i < TASK_PROPERTIES; i++)
		if (!strcmp(name, task_properties[i].name))
			return FIRST_PROPERTY + i;
	if (strncmp(name, CUSTOM_PREFIX, strlen(CUSTOM_PREFIX)) != 0 ||
	    !name[strlen(CUSTOM_PREFIX)])
		unknown_field(name);
	return FIRST_PROPERTY + TASK_PROPERTIES;
}

static const char *value_of(size_t field, const char *name, const struct context *context)
{
	if (field < STRING_FIELDS)
		return field_value(&context->task, string_fields[field].offset);
	if (field < FIRST_PROPERTY)
		return other_fields[field - STRING_FIELDS].value(context);
	if (field < FIRST_PROPERTY + TASK_PROPERTIES)
		return task_property_value(environ, &task_properties[field - FIRST_PROPERTY]);
	return context_lookup(context, name + strlen(CUSTOM_PREFIX));
}

int command_get(int argc, char *argv[])
{
	static const struct option options[] = { { "help", no_argument, NULL, 'h' }, { 0 } };
	struct context context;
	const char *value;
	size_t field;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == 'h')
			print_help();
		message_option("get", option, argv);
	}
	if (argc - optind != 1)
		message_usage("get", "one FIELD is needed (see flytectx get --help)");
	field = find_field(argv[optind]);
	if (environment_read(environ, &context) == ENVIRONMENT_NONE)
		message_fail("no context here",
			     "neither FLYTE_CTX nor a Flyte pod's variables are set");
	value = value_of(field, argv[optind], &context);
	/* Silent, as for `git config --get`: a script asks, and unset is one of the answers. */
	if (!value)
		return EXIT_UNSET;
	puts(value);
	message_end_output();
	return 0;
}
