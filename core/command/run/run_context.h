/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_context - the context that `flytectx run` gives to CMD: the one here, under what inputs.pb
 * and the options say, and with what is made up for a local run (SPEC 5.3).
 */
#ifndef FLYTECTX_RUN_CONTEXT_H
#define FLYTECTX_RUN_CONTEXT_H

#include "command/run/run_options.h"

/* Whose context it is. */
enum run_kind {
	RUN_SAME,      /* the action's here */
	RUN_TASK,      /* a task's: there was none here */
	RUN_SUB_ACTION /* of the action here */
};

/* The context points into the options and the environment. A failure ends flytectx. */
enum run_kind run_context_make(const struct run_options *options, struct context *context);

/* Was it made of a pod's variables: is flytectx what the pod has started? */
bool run_context_is_of_pod(void);

#endif
