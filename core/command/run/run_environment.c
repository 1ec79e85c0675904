/* SPDX-License-Identifier: Apache-2.0 */
/* See run_environment.h. */
#include "command/run/run_environment.h"
#include "command/program/library_check.h"
#include "command/look/environment_context.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "context/env.h"
#include "context/preload_list.h"
#include "context/wire.h"

#include <string.h>
#include <unistd.h>

/* "FLYTE_CTX=..." */
static const char *make_carrier(const struct context *context)
{
	size_t length = wire_length(context);
	char *carrier;

	if (length > WIRE_MAX)
		message_fail("context", "it is too large: %zu bytes encoded of at most %zu", length,
			     WIRE_MAX);
	carrier = memory_get(sizeof(WIRE_PREFIX) + length);
	memcpy(carrier, WIRE_PREFIX, sizeof(WIRE_PREFIX) - 1);
	wire_encode(context, length, carrier + sizeof(WIRE_PREFIX) - 1);
	return carrier;
}

/* An entry of ours that is there already stays: it has to be a library too. */
static void check_entry(struct text_span entry)
{
	const char *path = memory_text("%.*s", (int)entry.length, entry.start);
	const char *why_not = library_check(path);

	/* What ld.so searches or expands, only ld.so can find. */
	if (why_not && strchr(path, '/') && !strchr(path, '$'))
		message_fail(PRELOAD_NAME, "its entry %s can't be preloaded: %s", path, why_not);
}

/* Can ours be in LD_PRELOAD? It is not if that would be longer than a variable can be. */
static void check_preload(const struct env_plan *plan)
{
	const char *variable =
		plan->preload < plan->count ? environ[plan->preload] : PRELOAD_PREFIX;
	struct text_span entry = preload_list_find(variable + sizeof(PRELOAD_PREFIX) - 1);

	if (entry.length)
		check_entry(entry);
	else if (!plan->add_library)
		message_fail(PRELOAD_NAME, "it is too long, %s can't be added", PRELOAD_LIBRARY);
}

/*
 * The trace for CMD. Where an option or --inputs gives another than is inherited, it wins over the
 * variables here; else these are as their caller wants them.
 */
static const char *const *plan_trace(const struct context *context, const char *trace[ENV_TRACE])
{
	static const char *kept[ENV_KEPT];
	struct context inherited = { 0 };

	for (char **entry = environ; *entry; entry++) {
		size_t i = env_kept(*entry);

		if (i < ENV_TRACE && !kept[i])
			kept[i] = *entry;
	}
	environment_read(environ, &inherited);
	env_trace_since(context, &inherited, kept, trace);
	return kept;
}

char **run_environment(const struct context *context, const char *library)
{
	struct env_wish wish = { .carrier = make_carrier(context), .library = library };
	const char *trace[ENV_TRACE];
	struct env_plan plan;

	wish.kept = plan_trace(context, trace);
	wish.trace = trace;
	env_plan(environ, &wish, &plan);
	if (plan.strip)
		message_warn(ENV_PROPAGATE_OFF, "CMD runs without the context");
	else
		check_preload(&plan);
	if (plan.right)
		return environ;
	return env_fill(environ, &wish, &plan, memory_get(plan.memory));
}
