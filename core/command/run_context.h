/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_context - the context that `flytectx run` gives to CMD: the one here, under what inputs.pb
 * and the options say, and with what is made up for a local run (SPEC 5).
 */
#ifndef FLYTECTX_RUN_CONTEXT_H
#define FLYTECTX_RUN_CONTEXT_H

#include "run_options.h"

/* The context points into the options and the environment. A failure ends flytectx. */
void run_context_make(const struct run_options *options, struct context *context);

#endif
