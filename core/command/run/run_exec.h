/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_exec - how CMD of `flytectx run` gets its context, and the exec itself (SPEC 5).
 */
#ifndef FLYTECTX_RUN_EXEC_H
#define FLYTECTX_RUN_EXEC_H

#include "context/context.h"

/* As env(1), nice(1) and timeout(1) have them. */
#define EXIT_FAILED         125
#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND      127

/* The environment of CMD: that of here, with the carrier and the preload. */
char **run_environment(const struct context *context, const char *library);

/* Becomes the command; returns, with errno, where it can't be executed. */
void run_exec(const struct context *context, char *command[], char *envp[]);

/* Says so, and ends flytectx. */
__attribute__((noreturn)) void run_exec_failed(const char *name, int number);

#endif
