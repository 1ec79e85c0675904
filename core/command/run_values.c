/* SPDX-License-Identifier: Apache-2.0 */
/* See run_values.h. */
#include "run_values.h"
#include "fields.h"
#include "memory.h"
#include "message.h"
#include "template.h"
#include "timestamp.h"

#include <bsd/stdlib.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

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

/* As the SDK: blanks off, then quotes; on a first attempt the backend writes just two of those. */
static const char *checkpoint_value(const char *value)
{
	size_t length = strlen(value);

	while (length && isspace((unsigned char)*value))
		value++, length--;
	while (length && isspace((unsigned char)value[length - 1]))
		length--;
	while (length && *value == '"')
		value++, length--;
	while (length && value[length - 1] == '"')
		length--;
	/* A path of blanks alone, in quotes, is none either. */
	if (strspn(value, " \t\n\v\f\r") >= length)
		length = 0;
	return memory_text("%.*s", (int)length, value);
}

void run_value_string(const char *option, size_t offset, const char *value,
		      struct run_options *options)
{
	const char *name = memory_text("--%s", option);
	bool is_checkpoint = offset >= offsetof(struct flyte_task_context, checkpoint_paths) &&
			     offset < offsetof(struct flyte_task_context, checkpoint_paths) +
					      sizeof(options->given.checkpoint_paths);

	if (is_checkpoint)
		value = checkpoint_value(value);
	/* Nothing that is made of one can be a name or a path. */
	if (template_is_in(value))
		warn_of_template(name, value);
	/* Here a blank is an answer: there is no checkpoint. */
	else if (was_given(name, value) || (is_checkpoint && !*value))
		field_set(&options->given, offset, value);
}

void run_value_mode(const char *value, struct run_options *options)
{
	if (!was_given("--mode", value))
		return;
	options->given.mode = mode_from_name(value);
	if (options->given.mode == FLYTE_MODE_UNSET)
		message_usage("--mode", "%s is not local, remote or hybrid", value);
}

void run_value_start(const char *value, struct run_options *options)
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

void run_value_pair(char *text, struct run_options *options)
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

void run_value_sub_action(const char *key, struct run_options *options)
{
	options->has_sub_action = true;
	options->sub_action_key = key && was_given("--sub-action", key) ? key : NULL;
}

void run_value_sequence(const char *value, struct run_options *options)
{
	const char *error;

	options->sub_action_sequence = strtonum(value, 1, INT64_MAX, &error);
	if (error)
		message_usage("--sub-action-sequence", "%s is not a number from 1", value);
}

void run_value_retries(const char *value, struct run_options *options)
{
	const char *error;

	options->retries = (unsigned)strtonum(value, 0, 1000000, &error);
	options->has_retries = true;
	if (error)
		message_usage("--retries", "%s is not a number from 0 to 1000000", value);
}

/* Seconds, or with s, m, h behind them. */
void run_value_every(const char *value, struct run_options *options)
{
	static const char units[] = "smh";
	static const double seconds[] = { 1, 60, 3600 };
	char *end;
	const char *unit;

	options->checkpoint_every = isdigit((unsigned char)*value) ? strtod(value, &end) : 0;
	if (options->checkpoint_every > 0 && *end) {
		unit = end[1] ? NULL : strchr(units, *end);
		options->checkpoint_every *= unit ? seconds[unit - units] : 0;
	}
	if (!(options->checkpoint_every > 0 && options->checkpoint_every < 1e9))
		message_usage("--checkpoint-every", "%s is no time, as 30, 90s, 5m or 1h are",
			      value);
}
