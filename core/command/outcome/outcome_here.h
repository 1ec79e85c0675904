/* SPDX-License-Identifier: Apache-2.0 */
/* outcome_here - what `flytectx fail`, `flytectx report` and `run --report-errors` share. */
#ifndef FLYTECTX_OUTCOME_HERE_H
#define FLYTECTX_OUTCOME_HERE_H

#include "context/context.h"

/* The context here. Outside a task flytectx ends. */
void outcome_here(struct context *context);

/* Says why `what` was not written, or was left to others. */
void outcome_warn(const char *what, int result);

/* Ends flytectx with the reason where `result` is -1, and says where `what` was left to others. */
void outcome_end(const char *what, int result);

#endif
