/* SPDX-License-Identifier: Apache-2.0 */
/*
 * environment_context - the context of a process, read from its environment: the carrier if there
 * is a sound one, else what the variables of a Flyte pod say (SPEC 1.4, 3.14).
 *
 * Not through the preload, even where that is mapped: flyte_ctx() shows programs less than the
 * carrier holds (fields of a newer version, the attempt number), and `run` hands all of it on.
 */
#ifndef FLYTECTX_ENVIRONMENT_CONTEXT_H
#define FLYTECTX_ENVIRONMENT_CONTEXT_H

#include "context/wire.h"

enum environment_source {
	ENVIRONMENT_NONE, /* outside a task; `context` has what a carrier or single variables gave
			   */
	ENVIRONMENT_POD,
	ENVIRONMENT_CARRIER,
};

/* Says on stderr why a carrier is ignored. The context points into `envp`; the rest is kept. */
enum environment_source environment_read(char *const envp[], struct context *context);

/* The same without a word: why a carrier is ignored is in `error`, WIRE_OK where it is not. */
enum environment_source environment_try(char *const envp[], struct context *context,
					enum wire_error *error);

/* The number as it is spelt: of the live variable, else the carrier's; NULL if unset (SPEC 1.5). */
const char *environment_attempt_text(char *const envp[], const struct context *context);

/* The same as a number, 0 where it is unset; false: it is not a number. */
bool environment_attempt(char *const envp[], const struct context *context, long long *number);

#endif
