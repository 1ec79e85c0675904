/* SPDX-License-Identifier: Apache-2.0 */
/* See storage.h: errors. */
#include "storage.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static enum storage_failure failure_of(int number)
{
	switch (number) {
	case ENOENT:
	case ENOTDIR:
		return STORAGE_ABSENT;
	case EACCES:
	case EPERM:
	case EROFS:
		return STORAGE_DENIED;
	case EISDIR:
	case EINVAL:
	case ENAMETOOLONG:
	case ELOOP:
		return STORAGE_INVALID;
	default:
		return STORAGE_SYSTEM;
	}
}

bool storage_fail(struct storage_error *error, enum storage_failure failure, int number,
		  const char *what, const char *why, ...)
{
	char reason[768];
	va_list arguments;

	va_start(arguments, why);
	vsnprintf(reason, sizeof(reason), why, arguments);
	va_end(arguments);
	error->failure = failure ? failure : failure_of(number);
	error->number = number ? number : EIO;
	if (number)
		snprintf(error->text, sizeof(error->text), "%.240s: %s: %s", what, reason,
			 strerrordesc_np(number));
	else
		snprintf(error->text, sizeof(error->text), "%.240s: %s", what, reason);
	return false;
}
