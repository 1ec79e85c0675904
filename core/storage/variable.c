/* SPDX-License-Identifier: Apache-2.0 */
/* See variable.h. */
#include "variable.h"

#include <curl/curl.h>
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

bool variable_is_true(const char *name)
{
	static const char *const yes[] = { "1", "true", "yes", "on" };
	const char *value = variable(name);

	for (size_t i = 0; value && i < sizeof(yes) / sizeof(*yes); i++)
		if (curl_strequal(value, yes[i]))
			return true;
	return false;
}
