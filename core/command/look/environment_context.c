/* SPDX-License-Identifier: Apache-2.0 */
/* See environment_context.h. */
#include "command/look/environment_context.h"
#include "context/env.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "context/pod_env.h"
#include "local/number.h"

#include <limits.h>
#include <unistd.h>

static bool read_carrier(char *const envp[], struct context *context, enum wire_error *error)
{
	const char *text = env_get(envp, WIRE_PREFIX);
	struct wire_size size;

	*error = WIRE_OK;
	if (!text)
		return false;
	*error = wire_check(text, &size);
	if (*error != WIRE_OK)
		return false;
	wire_decode(text, &size, memory_get(size.memory), context);
	return true;
}

static enum environment_source read_pod(char *const envp[], struct context *context)
{
	struct pod_env pod = { 0 };
	const char *mount;

	for (; envp && *envp; envp++)
		pod_env_note(&pod, *envp);
	pod_env_context(&pod, memory_get(pod_env_memory(&pod)), context);
	mount = pod_env_mount(context);
	if (mount && access(mount, F_OK) != 0)
		pod_env_drop_rewrite(context);
	if (pod_env_is_task(&pod))
		return ENVIRONMENT_POD;
	context->task.mode = FLYTE_MODE_UNSET;
	return ENVIRONMENT_NONE;
}

enum environment_source environment_try(char *const envp[], struct context *context,
					enum wire_error *error)
{
	if (!read_carrier(envp, context, error))
		return read_pod(envp, context);
	return context_has_task(context) ? ENVIRONMENT_CARRIER : ENVIRONMENT_NONE;
}

enum environment_source environment_read(char *const envp[], struct context *context)
{
	enum wire_error error;
	enum environment_source source = environment_try(envp, context, &error);

	if (error != WIRE_OK)
		message_warn(WIRE_NAME, "ignored: %s", wire_error_text(error));
	return source;
}

const char *environment_attempt_text(char *const envp[], const struct context *context)
{
	const char *live = env_value(envp, "FLYTE_ATTEMPT_NUMBER=");

	/* Set but empty is unset, as it is for the SDK. */
	return live ? live : context->attempt_number;
}

bool environment_attempt(char *const envp[], const struct context *context, long long *number)
{
	const char *text = environment_attempt_text(envp, context);

	*number = 0;
	return !text || !*text || number_read(text, 0, INT_MAX, number);
}
