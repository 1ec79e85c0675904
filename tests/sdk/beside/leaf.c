/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a task of custom_context.py starts: prints its action and the increment that it sees.
 */
#include <stdio.h>

#include "flyte_ctx.h"

int main(void)
{
	const struct flyte_task_context *task = flyte_ctx_get();
	const char *increment = flyte_custom_context_get("increment");

	printf("%s %s\n", task ? task->action.name : "-", increment ? increment : "-");
	return 0;
}
