/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expected - the context of a start, told by its name. "3-17" is scope 17 of thread 3: `thread` is
 * 3, `who` is the name itself, and `load` as many letters as the number says. The process is in
 * "root"; scope 0 of a thread adds nothing of its own.
 */
#ifndef FLYTECTX_SOAK_EXPECTED_H
#define FLYTECTX_SOAK_EXPECTED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flyte_ctx.h"

#define SCOPES 64

/* The largest are of more than 7 KiB: a child keeps carriers of up to 1 KiB without a map. */
#define LOAD_MAX (SCOPES * SCOPES * 2)

/* What was seen; a child's exit status. */
enum seen { RIGHT, LOST, FOREIGN, DAMAGED, FAILED, SEEN_COUNT };

static inline size_t expected_load_length(long scope)
{
	return (size_t)(scope * scope * 2);
}

static inline char expected_letter(long scope)
{
	return (char)('a' + scope % 26);
}

/* Is the context of this thread the one that the name tells? */
static inline enum seen expected_is_here(const char *name)
{
	long scope = atol(strchr(name, '-') + 1);
	const char *who = flyte_custom_context_get("who");
	const char *thread = flyte_custom_context_get("thread");
	const char *load = flyte_custom_context_get("load");
	size_t length = expected_load_length(scope);

	if (!who || !thread)
		return LOST;
	if (strcmp(who, scope ? name : "root") != 0)
		return strcmp(who, "root") != 0 ? FOREIGN : LOST;
	if (atol(thread) != atol(name))
		return FOREIGN;
	if (!load || strlen(load) != length)
		return length || load ? DAMAGED : RIGHT;
	for (size_t i = 0; i < length; i++)
		if (load[i] != expected_letter(scope))
			return DAMAGED;
	return RIGHT;
}

#endif
