/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outcome - what a task says of itself beside its output path: why it has failed (error.pb), and
 * its report (report.html), with the SDK's rules for clustered tasks (SPEC 6.1, 6.3).
 */
#ifndef FLYTECTX_OUTCOME_H
#define FLYTECTX_OUTCOME_H

#include "checkpoint/outcome/error_document.h"
#include "flyte_ctx.h"
#include "storage/storage.h"

enum outcome_written {
	OUTCOME_FAILED = -1,
	OUTCOME_WRITTEN,
	OUTCOME_LEFT_TO_RANK_0,
	OUTCOME_RESTARTS
};

/*
 * Writes the error document. Not where another process of a clustered task does, which is rank 0,
 * and not where the JobSet starts its pods again, which is no failure of the task.
 */
enum outcome_written outcome_fail(const struct flyte_task_context *context, const char *code,
				  const char *message, enum error_kind kind, struct error *error);

/*
 * Writes the content of the regular file `fd`, named `name`, as the report. A report that is there
 * and was written by another program stays, unless `replace`: it is an error.
 */
enum outcome_written outcome_report(const struct flyte_task_context *context, int fd,
				    const char *name, bool replace, struct error *error);

/*
 * What the error document says: 1 and its kind, 0: there is none, -1: it can't be read.
 */
int outcome_read(const struct flyte_task_context *context, enum error_kind *kind,
		 struct error *error);

/* Removes the error document: of an attempt that is tried again, of a restart before. */
bool outcome_clear(const struct flyte_task_context *context, struct error *error);

#endif
