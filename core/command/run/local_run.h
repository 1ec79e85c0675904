/* SPDX-License-Identifier: Apache-2.0 */
/*
 * local_run - what a pod would be given and a run on a machine of one's own is not: names, and
 * paths below the workspace root (SPEC 5.5).
 */
#ifndef FLYTECTX_LOCAL_RUN_H
#define FLYTECTX_LOCAL_RUN_H

#include "context/context.h"

/*
 * Fills in what is unset: the name of the action and, in mode local, the paths. A checkpoint path
 * of "" is set. The workspace root is made where it is missing; the paths are only names.
 */
void local_run_fill(struct flyte_task_context *task);

/* The directory of those paths; NULL: none was filled in. */
const char *local_run_directory(void);

#endif
