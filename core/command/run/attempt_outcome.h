/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attempt_outcome - what an attempt has said of its failure by `flytectx fail` (SPEC 6.1).
 */
#ifndef FLYTECTX_ATTEMPT_OUTCOME_H
#define FLYTECTX_ATTEMPT_OUTCOME_H

#include "context/context.h"

#include <stdbool.h>

/*
 * Before the first attempt: removes an error document that is older than the task. In a store the
 * only one is an earlier restart's of a clustered task, which rank 0 removes, as the SDK does; at
 * another output path it is an earlier run's, if the task begins here.
 */
void attempt_outcome_begin(const struct context *context, bool begins_here);

/*
 * Is the failure of the attempt that has just ended permanent? One that may be tried again is
 * removed: it would make a later success a failure.
 */
bool attempt_outcome_is_permanent(const struct context *context);

#endif
