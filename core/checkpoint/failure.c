/* SPDX-License-Identifier: Apache-2.0 */
/* See failure.h. */
#include "checkpoint/failure.h"
#include "checkpoint/exports.h"

#include <errno.h>
#include <string.h>

static __thread char last_text[sizeof(((struct error *)0)->text)];

int failure_note(const struct error *error)
{
	strcpy(last_text, error->text);
	errno = error->number;
	return -1;
}

const char *flytectx_checkpoint_error(void)
{
	return last_text;
}

int checkpoint_nowhere(struct error *error)
{
	return error_set(error, ERROR_INVALID, EINVAL, "checkpoint",
			 "there is no place for the path") -
	       1;
}
