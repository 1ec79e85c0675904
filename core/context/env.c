/* SPDX-License-Identifier: Apache-2.0 */
/* See env.h. */
#include "context/context.h"
#include "context/env_parts.h"

const char *env_get(char *const envp[], const char *name)
{
	const char *value = NULL;

	while (envp && *envp && !value)
		value = text_after(*envp++, name);
	return value;
}

const char *env_value(char *const envp[], const char *name)
{
	const char *value = env_get(envp, name);

	return value && *value ? value : NULL;
}

const char env_kept_names[ENV_KEPT][20] = { "TRACEPARENT=", "TRACESTATE=", ENV_BAGGAGE_PREFIX,
					    "FLYTECTX_BAGGAGE=" };

EVERY_START size_t env_kept(const char *entry)
{
	size_t i = 0;

	while (i < ENV_KEPT && !text_after(entry, env_kept_names[i]))
		i++;
	return i;
}

static const char trace_keys[ENV_TRACE][12] = { "traceparent", "tracestate", "baggage" };

bool env_trace_has(const char *key)
{
	size_t i = 0;

	while (i < ENV_TRACE && !text_equal(key, trace_keys[i]))
		i++;
	return i < ENV_TRACE;
}

void env_trace_of(const struct context *context, const char *trace[ENV_TRACE])
{
	for (size_t i = 0; i < ENV_TRACE; i++) {
		const char *value = context_lookup(context, trace_keys[i]);

		trace[i] = value && *value ? value : NULL;
	}
	/* The state of a trace says nothing without the trace. */
	if (!trace[ENV_TRACEPARENT])
		trace[ENV_TRACESTATE] = NULL;
}

void env_trace_since(const struct context *context, const struct context *first,
		     const char *const *kept, const char *trace[ENV_TRACE])
{
	const char *before[ENV_TRACE];

	env_trace_of(context, trace);
	env_trace_of(first, before);
	for (size_t i = 0; i < ENV_TRACE; i++)
		if (trace[i] && before[i] && kept && kept[i] && text_equal(trace[i], before[i]))
			trace[i] = NULL;
	if (!trace[ENV_TRACEPARENT])
		trace[ENV_TRACESTATE] = NULL;
}
