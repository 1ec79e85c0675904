/* SPDX-License-Identifier: Apache-2.0 */
/* See aws_profile.h. */
#include "storage/credentials/aws_profile.h"
#include "storage/credentials/credentials_request.h"
#include "local/variable.h"

#include <string.h>

static char *without_blanks(char *text)
{
	size_t length;

	text += strspn(text, " \t");
	length = strlen(text);
	while (length && strchr(" \t\r\n", text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* The name of a section, in its brackets: quotes are no part of it. */
static bool is_name(char *text, const char *profile)
{
	size_t length;

	text = without_blanks(text);
	length = strlen(text);
	if (length > 1 && strchr("\"'", *text) && text[length - 1] == *text) {
		text[length - 1] = '\0';
		text++;
	}
	return strcmp(text, profile) == 0;
}

/* "[profile NAME]" in the config file, "[NAME]" in the other; "[default]" in both. */
static bool is_section(char *line, const char *profile)
{
	char *end = strchr(line, ']');

	if (!end)
		return false;
	*end = '\0';
	line = without_blanks(line + 1);
	if (strncmp(line, "profile", strlen("profile")) == 0 && line[strlen("profile")] &&
	    strchr(" \t", line[strlen("profile")]))
		line += strlen("profile");
	return is_name(line, profile);
}

/*
 * As Python's configparser reads it: a setting may be indented, and ':' does for '='. A line that
 * is indented deeper than the setting before it goes on with that, "s3 =" and what is below it, of
 * which we need none.
 */
static bool read_section(char *text, const char *profile, struct pairs *settings)
{
	bool inside = false, found = false, has_setting = false;
	size_t indent = 0;
	char *rest = NULL, *value;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		size_t blanks = strspn(line, " \t");

		if (!line[blanks] || strchr("#;\r", line[blanks]))
			continue;
		if (has_setting && blanks > indent)
			continue;
		line += blanks;
		indent = blanks;
		has_setting = *line != '[';
		if (!has_setting) {
			inside = is_section(line, profile);
			found = found || inside;
		}
		value = inside && has_setting ? strpbrk(line, "=:") : NULL;
		if (value) {
			*value++ = '\0';
			pairs_add(settings, without_blanks(line), without_blanks(value));
		}
	}
	return found;
}

static bool read_file(const char *name, const char *usual, const char *profile,
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
		found = read_section(text.data, profile, settings);
	buffer_free(&beneath_home);
	buffer_free(&text);
	return found;
}

const char *aws_profile_name(void)
{
	const char *name = variable_first("AWS_PROFILE", "AWS_DEFAULT_PROFILE", NULL);

	return name ? name : "default";
}

bool aws_profile_read(const char *profile, struct pairs *settings)
{
	bool one = read_file("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials", profile, settings);
	bool other = read_file("AWS_CONFIG_FILE", "/.aws/config", profile, settings);

	return one || other;
}
