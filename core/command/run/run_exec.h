/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_exec - becoming CMD of `flytectx run` (SPEC 5.1).
 */
#ifndef FLYTECTX_RUN_EXEC_H
#define FLYTECTX_RUN_EXEC_H

#include "context/context.h"

/* As env(1), nice(1) and timeout(1) have them. */
#define EXIT_FAILED         125
#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND      127

/* Becomes the command; returns, with errno, where it can't be executed. */
void run_exec(const struct context *context, char *command[], char *envp[]);

/* Says so, and ends flytectx. */
__attribute__((noreturn)) void run_exec_failed(const char *name, int number);

#endif
