/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supervise - `flytectx run` where it stays beside CMD: to try again while CMD fails, and to save
 * and restore its directory (SPEC 5.9, 5.10).
 */
#ifndef FLYTECTX_SUPERVISE_H
#define FLYTECTX_SUPERVISE_H

#include "command/run/run_context.h"

/* Ends as CMD ended, by the same signal too: returns its status, or does not return. */
int supervise(const struct run_options *options, struct context *context, enum run_kind kind,
	      const char *library);

#endif
