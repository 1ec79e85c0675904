/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_errors - the error document of a CMD that fails without a word of its own: `flytectx run
 * --report-errors` (SPEC 6.2).
 */
#ifndef FLYTECTX_REPORT_ERRORS_H
#define FLYTECTX_REPORT_ERRORS_H

#include "command/run/attempt_paths.h"

/* Before the first attempt. Where no document could be written flytectx ends. */
void report_errors_begin(struct supervision *this);

/*
 * After the last attempt, which has failed with `status`, as of waitpid(2). True: flytectx is to
 * end with 0, as Flyte reads the document of a container that has ended so, and of no other.
 */
bool report_errors(struct supervision *this, int status);

#endif
