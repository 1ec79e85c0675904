/* SPDX-License-Identifier: Apache-2.0 */
/* See run_options.h. */
#include "command/run/run_options.h"
#include "command/look/task_fields.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "command/run/run_help.h"
#include "command/run/run_short_forms.h"
#include "command/run/run_values.h"
#include "command/run/template.h"
#include "local/timestamp.h"

#include <getopt.h>
#include <string.h>

/* The options that set one string of the context. */
static const struct string_option {
	const char *name;
	int letter;
	size_t offset;
	bool is_checkpoint;
} string_options[] = {
#define MEMBER(member) offsetof(struct flyte_task_context, member)
	{ "name", 0, MEMBER(action.name), false },
	{ "run-name", 0, MEMBER(action.run_name), false },
	{ "project", 0, MEMBER(action.project), false },
	{ "domain", 0, MEMBER(action.domain), false },
	{ "org", 0, MEMBER(action.org), false },
	{ "version", 'v', MEMBER(version), false },
	{ "task-name", 0, MEMBER(task_name), false },
	{ "inputs", 'i', MEMBER(input_path), false },
	{ "outputs-path", 'o', MEMBER(output_path), false },
	{ "run-base-dir", 0, MEMBER(run_base_dir), false },
	{ "raw-data-path", 'r', MEMBER(raw_data_path.path), false },
	{ "checkpoint-path", 'c', MEMBER(checkpoint_paths.checkpoint_path), true },
	{ "prev-checkpoint", 'p', MEMBER(checkpoint_paths.prev_checkpoint_path), true },
	{ "group", 0, MEMBER(group), false },
#undef MEMBER
};

#define STRING_OPTIONS (sizeof(string_options) / sizeof(*string_options))

/* What getopt_long() returns: letters, from here on places in string_options, and then these. */
#define FIRST_STRING 256

enum {
	START = FIRST_STRING + (int)STRING_OPTIONS,
	MODE,
	INTERACTIVE,
	CUSTOM_CONTEXT,
	INPUTS_OPTIONAL,
	SUB_ACTION,
	SEQUENCE,
	RETRIES,
	RESUME,
	REPLACE,
	DIRECTORY,
	EVERY,
	REPORT_ERRORS,
	CARRY_OPTION
};

static const struct option other_options[] = {
	{ "run-start-time", required_argument, NULL, START },
	{ "mode", required_argument, NULL, MODE },
	{ "interactive-mode", no_argument, NULL, INTERACTIVE },
	{ "custom-context", required_argument, NULL, CUSTOM_CONTEXT },
	{ "inputs-optional", no_argument, NULL, INPUTS_OPTIONAL },
	{ "sub-action", optional_argument, NULL, SUB_ACTION },
	{ "sub-action-sequence", required_argument, NULL, SEQUENCE },
	{ "retries", required_argument, NULL, RETRIES },
	{ "checkpoint-dir", required_argument, NULL, DIRECTORY },
	{ "checkpoint-dir-replace", no_argument, NULL, REPLACE },
	{ "checkpoint-every", required_argument, NULL, EVERY },
	{ "resume", required_argument, NULL, RESUME },
	{ "report-errors", no_argument, NULL, REPORT_ERRORS },
	{ "carry", optional_argument, NULL, CARRY_OPTION },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

/* Leading '+': what follows CMD is CMD's. */
static const char letters[] = "+:hi:o:v:r:c:p:";

#define ALL_OPTIONS (STRING_OPTIONS + SHORT_FORMS + sizeof(other_options) / sizeof(*other_options))

static void list_options(struct option all[ALL_OPTIONS])
{
	for (size_t i = 0; i < STRING_OPTIONS; i++) {
		const struct option *whole = all;

		*all++ = (struct option) { string_options[i].name, required_argument, NULL,
					   FIRST_STRING + (int)i };
		all = run_short_forms(all, whole);
	}
	memcpy(all, other_options, sizeof(other_options));
}

static const struct string_option *find_string_option(int option)
{
	for (size_t i = 0; i < STRING_OPTIONS; i++)
		if (option == FIRST_STRING + (int)i ||
		    (option && option == string_options[i].letter))
			return &string_options[i];
	return NULL;
}

static bool warn_of_template(const char *option, const char *value)
{
	message_warn(option, "counts as not given, nobody has filled in %s", value);
	return false;
}

/* Is this a value? The backend leaves templates that it does not know as they are. */
static bool was_given(const char *option, const char *value)
{
	return template_is(value) ? warn_of_template(option, value) : *value != '\0';
}

static void take_string(const struct string_option *option, const char *value,
			struct run_options *options)
{
	const char *name = memory_text("--%s", option->name);

	if (option->is_checkpoint) {
		value = run_value_checkpoint(value);
		run_value_url(name, value);
	}
	/* Nothing that is made of one can be a name or a path. */
	if (template_is_in(value))
		warn_of_template(name, value);
	/* Here a blank is an answer: there is no checkpoint. */
	else if (was_given(name, value) || (option->is_checkpoint && !*value))
		field_set(&options->given, option->offset, value);
}

static void take_mode(const char *value, struct run_options *options)
{
	if (was_given("--mode", value))
		options->given.mode = run_value_mode(value);
}

static void take_start(const char *value, struct run_options *options)
{
	if (!was_given("--run-start-time", value))
		return;
	options->has_start = true;
	if (timestamp_read(value, &options->given.run_start_time))
		return;
	/* As the SDK: a time that is the same at each attempt keeps derived names stable. */
	options->given.run_start_time = 0;
	message_warn("--run-start-time", "the epoch is taken, %s is no RFC 3339 time", value);
}

static void take_pair(char *text, struct run_options *options)
{
	char *equals = strchr(text, '=');

	if (template_is(text)) {
		warn_of_template("--custom-context", text);
		return;
	}
	if (!equals || equals == text)
		message_usage("--custom-context", "%s is not KEY=VALUE", text);
	*equals = '\0';
	if (context_key_is_reserved(text))
		message_warn("--custom-context", "%s is left out, the SDK keeps it for itself",
			     text);
	else if (!equals[1] || was_given("--custom-context", equals + 1))
		options->pairs[options->pair_count++] = (struct flyte_pair) { text, equals + 1 };
}

static void take_sub_action(const char *key, struct run_options *options)
{
	options->has_sub_action = true;
	options->sub_action_key = key && was_given("--sub-action", key) ? key : NULL;
}

static void take_sequence(const char *value, struct run_options *options)
{
	if (was_given("--sub-action-sequence", value))
		options->sub_action_sequence =
			run_value_number("--sub-action-sequence", value, 1, 1000000000);
}

static void take_retries(const char *value, struct run_options *options)
{
	if (!was_given("--retries", value))
		return;
	options->has_retries = true;
	options->retries = (unsigned)run_value_number("--retries", value, 0, 1000000);
}

/* What is there is gone on with, and what is saved takes its place. */
static void take_resume(const char *value, struct run_options *options)
{
	value = run_value_checkpoint(value);
	run_value_url("--resume", value);
	if (template_is_in(value))
		warn_of_template("--resume", value);
	else if (*value)
		options->given.checkpoint_paths.checkpoint_path =
			options->given.checkpoint_paths.prev_checkpoint_path = value;
}

static void take_directory(const char *value, struct run_options *options)
{
	if (template_is_in(value))
		warn_of_template("--checkpoint-dir", value);
	else if (*value)
		options->checkpoint_directory = value;
}

static void take_every(const char *value, struct run_options *options)
{
	if (was_given("--checkpoint-every", value))
		options->checkpoint_every = run_value_seconds("--checkpoint-every", value);
}

static void take(int option, char *argv[], struct run_options *options)
{
	const struct string_option *string = find_string_option(option);

	if (string)
		take_string(string, optarg, options);
	else if (option == 'h')
		message_help(run_help);
	else if (option == START)
		take_start(optarg, options);
	else if (option == MODE)
		take_mode(optarg, options);
	else if (option == INTERACTIVE)
		options->given.interactive_mode = true;
	else if (option == CUSTOM_CONTEXT)
		take_pair(optarg, options);
	else if (option == INPUTS_OPTIONAL)
		options->inputs_are_optional = true;
	else if (option == SUB_ACTION)
		take_sub_action(optarg, options);
	else if (option == SEQUENCE)
		take_sequence(optarg, options);
	else if (option == RETRIES)
		take_retries(optarg, options);
	else if (option == RESUME)
		take_resume(optarg, options);
	else if (option == REPLACE)
		options->checkpoint_dir_replace = true;
	else if (option == DIRECTORY)
		take_directory(optarg, options);
	else if (option == EVERY)
		take_every(optarg, options);
	else if (option == REPORT_ERRORS)
		options->report_errors = true;
	else if (option == CARRY_OPTION)
		options->carry = run_value_carry(optarg);
	else
		message_option("run", option, argv);
}

void run_options_read(int argc, char *argv[], struct run_options *options)
{
	struct option all[ALL_OPTIONS];
	int option;

	*options = (struct run_options) { 0 };
	options->pairs = memory_get((size_t)argc * sizeof(*options->pairs));
	list_options(all);
	opterr = 0;
	while ((option = getopt_long(argc, argv, letters, all, NULL)) != -1)
		take(option, argv, options);
	if (optind >= argc)
		message_usage("run", "no CMD is given (see flytectx run --help)");
	if (options->has_sub_action && options->given.action.name)
		message_usage("--sub-action", "it can't go with --name");
	if (options->sub_action_sequence && !options->has_sub_action)
		message_usage("--sub-action-sequence", "it needs --sub-action");
	if (!options->checkpoint_directory && options->checkpoint_every > 0)
		message_usage("--checkpoint-every", "it needs a --checkpoint-dir");
	options->command = argv + optind;
}
