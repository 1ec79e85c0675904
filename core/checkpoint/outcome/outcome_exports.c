/* SPDX-License-Identifier: Apache-2.0 */
/* See exports.h: the way back (SPEC 6.1, 6.3). */
#include "checkpoint/exports.h"
#include "checkpoint/failure.h"
#include "checkpoint/outcome/outcome.h"
#include "checkpoint/uncancelled.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int flytectx_fail(const struct flyte_task_context *context, const char *code, const char *message,
		  int recoverable)
{
	UNCANCELLED;
	struct error error;
	enum outcome_written written =
		outcome_fail(context, code, message,
			     recoverable ? ERROR_RECOVERABLE : ERROR_NON_RECOVERABLE, &error);

	return written == OUTCOME_FAILED ? failure_note(&error) : (int)written;
}

int flytectx_report_fd(const struct flyte_task_context *context, int fd, const char *name,
		       int replace)
{
	UNCANCELLED;
	struct error error;
	enum outcome_written written = outcome_report(context, fd, name, replace, &error);

	return written == OUTCOME_FAILED ? failure_note(&error) : (int)written;
}

int flytectx_report_file(const struct flyte_task_context *context, const char *path)
{
	UNCANCELLED;
	int fd = open(path, O_RDONLY | O_CLOEXEC), result, number;
	struct error error;

	if (fd < 0) {
		error_set(&error, ERROR_SYSTEM, errno, path, "can't open it");
		return failure_note(&error);
	}
	result = flytectx_report_fd(context, fd, path, 0);
	number = errno;
	close(fd);
	errno = number;
	return result;
}

int flytectx_outcome(const struct flyte_task_context *context)
{
	UNCANCELLED;
	struct error error;
	enum error_kind kind;
	int answer = outcome_read(context, &kind, &error);

	if (answer < 0)
		return failure_note(&error);
	return answer ? 1 + (kind == ERROR_RECOVERABLE) : 0;
}

int flytectx_outcome_clear(const struct flyte_task_context *context)
{
	UNCANCELLED;
	struct error error;

	return outcome_clear(context, &error) ? 0 : failure_note(&error);
}
