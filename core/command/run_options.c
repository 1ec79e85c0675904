/* SPDX-License-Identifier: Apache-2.0 */
/* See run_options.h. */
#include "run_options.h"
#include "memory.h"
#include "message.h"
#include "run_help.h"
#include "run_values.h"

#include <getopt.h>
#include <string.h>

/* The options that set one string of the context. */
static const struct string_option {
	const char *name;
	int letter;
	size_t offset;
} string_options[] = {
#define MEMBER(member) offsetof(struct flyte_task_context, member)
	{ "name", 0, MEMBER(action.name) },
	{ "run-name", 0, MEMBER(action.run_name) },
	{ "project", 0, MEMBER(action.project) },
	{ "domain", 0, MEMBER(action.domain) },
	{ "org", 0, MEMBER(action.org) },
	{ "version", 'v', MEMBER(version) },
	{ "inputs", 'i', MEMBER(input_path) },
	{ "outputs-path", 'o', MEMBER(output_path) },
	{ "run-base-dir", 0, MEMBER(run_base_dir) },
	{ "raw-data-path", 'r', MEMBER(raw_data_path.path) },
	{ "checkpoint-path", 'c', MEMBER(checkpoint_paths.checkpoint_path) },
	{ "prev-checkpoint", 'p', MEMBER(checkpoint_paths.prev_checkpoint_path) },
	{ "group", 0, MEMBER(group) },
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
	DIRECTORY,
	EVERY
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
	{ "checkpoint-every", required_argument, NULL, EVERY },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

/* Leading '+': what follows CMD is CMD's. */
static const char letters[] = "+:hi:o:v:r:c:p:";

/*
 * "--ch" to "--checkpoint-" have always been short for --checkpoint-path, and "--inp" to "--input"
 * for --inputs. They stay so: as options of their own they are not ambiguous.
 */
static const struct short_forms {
	const char *longest, *whole;
	int shortest;
} short_forms[] = {
	{ "checkpoint-", "checkpoint-path", 2 },
	{ "input", "inputs", 3 },
};

#define SHORT_FORMS (sizeof("checkpoint-") - 2 + sizeof("input") - 3)
#define ALL_OPTIONS (STRING_OPTIONS + SHORT_FORMS + sizeof(other_options) / sizeof(*other_options))

static struct option *list_short_forms(struct option *all, const struct option *whole)
{
	for (size_t i = 0; i < sizeof(short_forms) / sizeof(*short_forms); i++) {
		const struct short_forms *forms = &short_forms[i];

		if (strcmp(forms->whole, whole->name) != 0)
			continue;
		for (int size = forms->shortest; size <= (int)strlen(forms->longest); size++) {
			*all = *whole;
			all++->name = memory_text("%.*s", size, forms->longest);
		}
	}
	return all;
}

static void list_options(struct option all[ALL_OPTIONS])
{
	for (size_t i = 0; i < STRING_OPTIONS; i++) {
		const struct option *whole = all;

		*all++ = (struct option) { string_options[i].name, required_argument, NULL,
					   FIRST_STRING + (int)i };
		all = list_short_forms(all, whole);
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

static void take(int option, char *argv[], struct run_options *options)
{
	const struct string_option *string = find_string_option(option);

	if (string)
		run_value_string(string->name, string->offset, optarg, options);
	else if (option == 'h')
		message_help(run_help);
	else if (option == START)
		run_value_start(optarg, options);
	else if (option == MODE)
		run_value_mode(optarg, options);
	else if (option == INTERACTIVE)
		options->given.interactive_mode = true;
	else if (option == CUSTOM_CONTEXT)
		run_value_pair(optarg, options);
	else if (option == INPUTS_OPTIONAL)
		options->inputs_are_optional = true;
	else if (option == SUB_ACTION)
		run_value_sub_action(optarg, options);
	else if (option == SEQUENCE)
		run_value_sequence(optarg, options);
	else if (option == RETRIES)
		run_value_retries(optarg, options);
	else if (option == DIRECTORY)
		options->checkpoint_directory = optarg;
	else if (option == EVERY)
		run_value_every(optarg, options);
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
	if (options->checkpoint_every > 0 && !options->checkpoint_directory)
		message_usage("--checkpoint-every", "it needs a --checkpoint-dir");
	options->command = argv + optind;
}
