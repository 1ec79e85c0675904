/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attempt_paths - where an attempt saves its checkpoint, and which one it goes on from (SPEC 5.9,
 * 4.4).
 */
#ifndef FLYTECTX_ATTEMPT_PATHS_H
#define FLYTECTX_ATTEMPT_PATHS_H

#include "command/run/attempt.h"
#include "command/run/directory.h"
#include "command/run/run_context.h"

struct supervision {
	const struct run_options *options;
	struct context *context;
	enum run_kind kind;
	const char *library;
	struct directory directory;
	struct snapshot snapshot;
	struct watch watch;
	struct error_output output; /* with --report-errors */
	unsigned attempt;
	bool is_permanent; /* the failure of the last attempt, see attempt_outcome.h */
};

void attempt_paths_first(struct supervision *this);
void attempt_paths_next(struct supervision *this);

#endif
