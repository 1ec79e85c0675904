/* SPDX-License-Identifier: Apache-2.0 */
/* See aws_profile.h. */
#include "storage/credentials/aws_profile.h"
#include "storage/credentials/credentials_request.h"
#include "local/variable.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static char *without_blanks(char *text)
{
	size_t length;

	text += strspn(text, " \t");
	length = strlen(text);
	while (length && strchr(" \t\r\n", text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* What is looked for: "NAME" in the credentials file, "KIND NAME" in the config file. */
struct section {
	const char *kind; /* "profile" or "services", NULL in the credentials file */
	const char *name;
};

/* Quotes are no part of a name behind a kind, where blanks may be, too. */
static bool is_name(char *text, const char *name)
{
	size_t length;

	text = without_blanks(text);
	length = strlen(text);
	if (length > 1 && strchr("\"'", *text) && text[length - 1] == *text) {
		text[length - 1] = '\0';
		text++;
	}
	return strcmp(text, name) == 0;
}

/* "[default]" is a profile in both files; another one has its kind before it in the config file. */
static bool is_section(char *line, const struct section *wanted)
{
	char *end = strchr(line, ']');
	size_t length = wanted->kind ? strlen(wanted->kind) : 0;

	if (!end)
		return false;
	*end = '\0';
	line++;
	if (!wanted->kind || (strcmp(wanted->kind, "profile") == 0 && strcmp(line, "default") == 0))
		return strcmp(line, wanted->name) == 0;
	return strncmp(line, wanted->kind, length) == 0 && line[length] &&
	       strchr(" \t", line[length]) && is_name(line + length, wanted->name);
}

static void add_setting(struct pairs *settings, const char *above, char *line, const char **name)
{
	char *value = strpbrk(line, "=:");
	struct buffer whole = { 0 };

	if (!value)
		return;
	*value++ = '\0';
	*name = without_blanks(line);
	buffer_format(&whole, "%s%s%s", above ? above : "", above ? "." : "", *name);
	settings->failed = settings->failed || whole.failed;
	pairs_add(settings, buffer_string(&whole), without_blanks(value));
	buffer_free(&whole);
}

/*
 * As Python's configparser reads it: a setting may be indented, and ':' does for '='. A line that
 * is indented deeper than the setting before it belongs to that: "region" below "s3 =" is
 * s3.region.
 */
static bool read_section(char *text, const struct section *wanted, struct pairs *settings)
{
	bool inside = false, found = false, has_setting = false;
	const char *above = NULL, *ignored;
	size_t indent = 0;
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		size_t blanks = strspn(line, " \t");

		if (!line[blanks] || strchr("#;\r", line[blanks]))
			continue;
		line += blanks;
		if (has_setting && blanks > indent) {
			if (inside && above)
				add_setting(settings, above, line, &ignored);
			continue;
		}
		indent = blanks;
		has_setting = *line != '[';
		above = NULL;
		if (!has_setting) {
			inside = is_section(line, wanted);
			found = found || inside;
		} else if (inside) {
			add_setting(settings, NULL, line, &above);
		}
	}
	return found;
}

static bool read_file(const char *name, const char *usual, const struct section *wanted,
		      struct pairs *settings)
{
	const char *path = variable(name), *home = variable("HOME");
	struct buffer beneath_home = { 0 }, text = { 0 };
	struct error ignored;
	bool found = false;

	/* "~" is the home directory in the variables, too. */
	if (path && home && path[0] == '~' && path[1] == '/')
		buffer_format(&beneath_home, "%s%s", home, path + 1);
	else if (!path && home)
		buffer_format(&beneath_home, "%s%s", home, usual);
	if (beneath_home.data)
		path = beneath_home.data;
	if (path && credentials_file(path, &text, &ignored) && text.data)
		found = read_section(text.data, wanted, settings);
	buffer_free(&beneath_home);
	buffer_free(&text);
	return found;
}

static bool read_config(const char *kind, const char *name, struct pairs *settings)
{
	const struct section wanted = { kind, name };

	return read_file("AWS_CONFIG_FILE", "/.aws/config", &wanted, settings);
}

const char *aws_profile_name(void)
{
	const char *name = variable_first("AWS_PROFILE", "AWS_DEFAULT_PROFILE", NULL);

	return name ? name : "default";
}

bool aws_profile_read(const char *profile, struct pairs *settings)
{
	const struct section wanted = { NULL, profile };
	bool one = read_file("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials", &wanted, settings);
	bool other = read_config("profile", profile, settings);

	return one || other;
}

char *aws_profile_setting(const char *name)
{
	struct pairs settings = { 0 };
	const char *value = NULL;
	char *copy;

	if (aws_profile_read(aws_profile_name(), &settings))
		value = pairs_get(&settings, name);
	copy = value && *value ? strdup(value) : NULL;
	pairs_free(&settings);
	return copy;
}

bool aws_profile_is_true(const char *name)
{
	char *value = aws_profile_setting(name);
	bool answer = value && strcasecmp(value, "true") == 0;

	free(value);
	return answer;
}

char *aws_profile_endpoint(void)
{
	char *services = aws_profile_setting("services"), *endpoint = NULL;
	struct pairs settings = { 0 };
	const char *value = NULL;

	if (services && read_config("services", services, &settings))
		value = pairs_get(&settings, "s3.endpoint_url");
	if (value && *value)
		endpoint = strdup(value);
	pairs_free(&settings);
	free(services);
	return endpoint ? endpoint : aws_profile_setting("endpoint_url");
}
