/* SPDX-License-Identifier: Apache-2.0 */
/* See pod.h. */
#include "pod.h"
#include "arena.h"
#include "context/pod_env.h"
#include "sys.h"
#include "context/wire.h"

/* NULL: the variables are those of no pod. */
static char *memory_for(const struct pod_env *pod)
{
	return pod_env_is_task(pod) ? arena_take(pod_env_memory(pod) + 1) : NULL;
}

static char *encode(const struct context *context)
{
	size_t length = wire_length(context);
	char *carrier = length <= WIRE_MAX ? arena_take(sizeof(WIRE_PREFIX) + length) : NULL;

	if (carrier)
		wire_encode(context, length,
			    text_copy(carrier, WIRE_PREFIX, sizeof(WIRE_PREFIX) - 1));
	return carrier;
}

char *pod_carrier(char *const envp[])
{
	struct pod_env pod = { 0 };
	struct context context;
	const char *mount;
	char *memory;

	for (; envp && *envp; envp++)
		pod_env_note(&pod, *envp);
	memory = memory_for(&pod);
	if (!memory)
		return NULL;
	pod_env_context(&pod, memory, &context);
	mount = pod_env_mount(&context);
	if (mount && !sys_exists(mount))
		pod_env_drop_rewrite(&context);
	return encode(&context);
}
