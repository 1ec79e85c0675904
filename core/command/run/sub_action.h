/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sub_action - `flytectx run --sub-action` and `--name` inside a task (SPEC 5.6).
 *
 * A derived name is the SDK's: base 36 of the MD5 of
 * "PARENT-INPUT_HASH-TASK_HASH-SEQUENCE[-GROUP]". The SDK hashes Python tasks and their inputs.
 * Here the task is CMD as it is written, and its inputs are what a call can be told from another
 * by: its arguments, the directory that relative ones are in, the custom context, --inputs. With a
 * KEY that is the task, and there are no inputs.
 */
#ifndef FLYTECTX_SUB_ACTION_H
#define FLYTECTX_SUB_ACTION_H

#include "command/run/run_options.h"

/* Do the options, inside a task, ask for one? */
bool sub_action_is_wanted(const struct run_options *options, const struct context *here);

/*
 * Makes of the context, which is the one here with all that the options say, that of a sub-action
 * of the action that was `here`. Counts the call. A failure ends flytectx.
 */
void sub_action_make(const struct run_options *options, const struct flyte_task_context *here,
		     struct context *context);

/* An attempt of that action begins or is over: its sub-actions are counted from 1 again. */
void sub_action_count_anew(const struct context *context);

#endif
