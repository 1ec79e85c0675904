/* SPDX-License-Identifier: Apache-2.0 */
/* See error.h. */
#include "local/error.h"
#include "local/redact.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static enum error_class failure_of(int number)
{
	switch (number) {
	case ENOENT:
	case ENOTDIR:
		return ERROR_ABSENT;
	case EACCES:
	case EPERM:
	case EROFS:
		return ERROR_DENIED;
	case EISDIR:
	case EINVAL:
	case ENAMETOOLONG:
	case ELOOP:
		return ERROR_INVALID;
	default:
		return ERROR_SYSTEM;
	}
}

bool error_set(struct error *error, enum error_class failure, int number, const char *what,
	       const char *why, ...)
{
	char raw[2048], name[241], reason[768];
	va_list arguments;

	va_start(arguments, why);
	vsnprintf(raw, sizeof(raw), why, arguments);
	va_end(arguments);
	/* Before it is made short: half a URL does not show that it has a password. */
	redact(reason, sizeof(reason), raw);
	redact(name, sizeof(name), what);
	error->failure = failure ? failure : failure_of(number);
	error->number = number ? number : EIO;
	if (number)
		snprintf(error->text, sizeof(error->text), "%s: %s: %s", name, reason,
			 strerrordesc_np(number));
	else
		snprintf(error->text, sizeof(error->text), "%s: %s", name, reason);
	return false;
}
