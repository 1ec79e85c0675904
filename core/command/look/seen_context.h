/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seen_context - what `ps` and `tree` show of the context of a process or a thread, and how that
 * is known (SPEC 5.14).
 */
#ifndef FLYTECTX_SEEN_CONTEXT_H
#define FLYTECTX_SEEN_CONTEXT_H

#include "command/look/live_context.h"

#include <stdio.h>

enum seen_from {
	SEEN_LIVE,   /* read in the process */
	SEEN_START,  /* what the process was started with */
	SEEN_NONE,   /* it has no context */
	SEEN_MOVED,  /* at each look another, or what is there is no context */
	SEEN_DENIED, /* the process can't be looked at */
};

struct seen_context {
	enum seen_from from;
	const char *action, *run, *group; /* NULL where unset */
	size_t count;
	const struct flyte_pair *pairs;
};

/* "live", ... */
const char *seen_from_name(enum seen_from from);

bool seen_has_context(const struct seen_context *context);

/* Is it the same context? However it is known. */
bool seen_is_same(const struct seen_context *one, const struct seen_context *other);

/* A copy of what was seen, kept until flytectx ends. */
struct seen_context seen_keep(const struct seen_context *context);

/* `KEY=VALUE,...` of the custom context, escaped as by printable.h; "-" where it is empty. */
void seen_write_custom(FILE *to, const struct seen_context *context);

#endif
