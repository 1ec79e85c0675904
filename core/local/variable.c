/* SPDX-License-Identifier: Apache-2.0 */
/* See variable.h. */
#include "local/variable.h"

#include <stdarg.h>
#include <stdlib.h>

const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

const char *variable_first(const char *name, ...)
{
	const char *value = NULL;
	va_list names;

	va_start(names, name);
	for (; name && !value; name = va_arg(names, const char *))
		value = variable(name);
	va_end(names);
	return value;
}

/* strcasecmp() goes by the locale. */
static bool is_word(const char *text, const char *lower)
{
	for (; *lower && (*text == *lower || *text + 'a' - 'A' == *lower); lower++)
		text++;
	return !*text && !*lower;
}

bool variable_is_true(const char *name)
{
	static const char *const yes[] = { "1", "true", "yes", "on" };
	const char *value = variable(name);

	for (size_t i = 0; value && i < sizeof(yes) / sizeof(*yes); i++)
		if (is_word(value, yes[i]))
			return true;
	return false;
}
