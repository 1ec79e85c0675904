/* SPDX-License-Identifier: Apache-2.0 */
/* See template.h. */
#include "command/run/template.h"

#include <string.h>

#define OPENS  "{{"
#define CLOSES "}}"
#define BLANKS " \t\n\f\r" /* those of \s in a regular expression of Go */

bool template_is(const char *value)
{
	return !strncmp(value, OPENS, strlen(OPENS));
}

/* From behind the braces: [.$]NAME, and the braces that close. */
static bool is_reference(const char *at)
{
	size_t length;

	at += strspn(at, BLANKS);
	if (*at != '.' && *at != '$')
		return false;
	length = strcspn(++at, BLANKS "{}");
	at += length;
	at += strspn(at, BLANKS);
	return length && !strncmp(at, CLOSES, strlen(CLOSES));
}

bool template_is_in(const char *value)
{
	while ((value = strstr(value, OPENS))) {
		if (is_reference(value + strlen(OPENS)))
			return true;
		value++;
	}
	return false;
}
