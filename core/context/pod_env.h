/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pod_env - the context of a pod that Flyte started, from the variables that the backend sets in
 * every container (SPEC 1.4: "in a pod, LD_PRELOAD alone is enough").
 *
 * Pure; nothing is copied. Not here: the paths, which only the task's command line has, and the
 * custom context, which is in its inputs.
 */
#ifndef FLYTECTX_POD_ENV_H
#define FLYTECTX_POD_ENV_H

#include "context/context.h"

/* The values that were noted, borrowed from the environment; NULL if unset. */
struct pod_env {
	union {
		struct {
			const char *action_name, *run_name, *execution_id;
			const char *project, *domain, *org, *run_base_dir;
			const char *attempt_number, *path_rewrite;
			const char *task_name, *task_version;
		};
		const char *values[11];
	};
};

/* Notes `entry` if it is one of the pod's variables. The first of a name counts; "" is unset. */
void pod_env_note(struct pod_env *pod, const char *entry);

/* Is this a pod of Flyte? v2 names the action, v1 the execution. */
bool pod_env_is_task(const struct pod_env *pod);

/* Bytes that pod_env_context() needs: _F_PATH_REWRITE is cut into its two prefixes there. */
size_t pod_env_memory(const struct pod_env *pod);

/* Fills `context` from what was noted; it points into the environment and into `memory`. */
void pod_env_context(const struct pod_env *pod, char *memory, struct context *context);

/*
 * The place on this machine that the pod's path rewrite leads to; NULL: to none. Where the caller
 * finds nothing there, the cluster lacks that mount, and the rewrite is to be dropped, as the SDK
 * drops it. Of a place in a store only the store knows.
 */
const char *pod_env_mount(const struct context *context);
void pod_env_drop_rewrite(struct context *context);

#endif
