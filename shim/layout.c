/* SPDX-License-Identifier: Apache-2.0 */
/* See context/layout.h. Read-only and without a pointer: no start pays for it. */
#include "context/layout.h"
#include "real.h"
#include "scope.h"

EXPORT extern const struct layout flytectx_layout;

#define TASK(member) offsetof(struct flyte_task_context, member)

const struct layout flytectx_layout = {
	.magic = { 'f', 'l', 'y', 't', 'e', 'c', 't', 'x' },
	.version = LAYOUT_VERSION,
	.length = sizeof(struct layout),
	.scope_view = offsetof(struct scope, view),
	.scope_token = offsetof(struct scope, token),
	.scope_size = offsetof(struct scope, size),
	.action_name = TASK(action.name),
	.run_name = TASK(action.run_name),
	.group = TASK(group),
	.pair_count = TASK(custom_context.count),
	.pairs = TASK(custom_context.items),
};
