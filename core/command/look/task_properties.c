/* SPDX-License-Identifier: Apache-2.0 */
/* See task_properties.h. */
#include "command/look/task_properties.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "context/env.h"
#include "local/number.h"

#include <limits.h>
#include <string.h>

const struct task_property task_properties[] = {
	{ "rank", "RANK=", true },
	{ "local_rank", "LOCAL_RANK=", true },
	{ "world_size", "WORLD_SIZE=", true },
	{ "local_world_size", "LOCAL_WORLD_SIZE=", true },
	{ "node_rank", "NODE_RANK=", true },
	{ "nnodes", "NNODES=", true },
	{ "master_addr", "MASTER_ADDR=", false },
	{ "master_port", "MASTER_PORT=", true },
	{ "restart_attempt", "JOBSET_RESTART_ATTEMPT=", true },
};

_Static_assert(sizeof(task_properties) / sizeof(*task_properties) == TASK_PROPERTIES,
	       "TASK_PROPERTIES is the number of rows");

static const char *number_text(const struct task_property *property, const char *text)
{
	long long number;

	if (!number_read(text, 0, INT_MAX, &number))
		message_fail(property->name, "%.*s is not a number: %s",
			     (int)strlen(property->variable) - 1, property->variable, text);
	return memory_text("%lld", number);
}

const char *task_property_value(char *const envp[], const struct task_property *property)
{
	const char *text = env_value(envp, property->variable);

	return text && property->is_number ? number_text(property, text) : text;
}
