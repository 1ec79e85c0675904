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

/* "[profile NAME]" in the config file, "[NAME]" in the other; "[default]" in both. */
static bool is_section(const char *line, const char *profile)
{
	size_t length = strlen(profile);

	line = *line == '[' ? line + 1 : "";
	line += strspn(line, " \t");
	if (strncmp(line, "profile ", strlen("profile ")) == 0)
		line += strlen("profile ");
	line += strspn(line, " \t");
	return strncmp(line, profile, length) == 0 &&
	       line[length + strspn(line + length, " \t")] == ']';
}

/* Lines that begin with a blank belong to a setting of settings, of which we need none. */
static bool read_section(char *text, const char *profile, struct pairs *settings)
{
	bool inside = false, found = false;
	char *rest = NULL, *value;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (strchr("#;\r \t", *line))
			continue;
		if (*line == '[') {
			inside = is_section(line, profile);
			found = found || inside;
		}
		value = inside && *line != '[' ? strchr(line, '=') : NULL;
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

	if (!path && home)
		buffer_format(&beneath_home, "%s%s", home, usual);
	if (!path && home)
		path = buffer_string(&beneath_home);
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
