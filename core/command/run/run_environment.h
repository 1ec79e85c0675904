/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_environment - the environment of a program that flytectx starts in a context (SPEC 5.1).
 */
#ifndef FLYTECTX_RUN_ENVIRONMENT_H
#define FLYTECTX_RUN_ENVIRONMENT_H

#include "context/context.h"

/* The environment of this process, with the carrier of `context`, and `library` in LD_PRELOAD. */
char **run_environment(const struct context *context, const char *library);

#endif
