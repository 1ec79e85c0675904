/* SPDX-License-Identifier: Apache-2.0 */
/* See task_fields.h. */
#include "command/look/task_fields.h"

#include <string.h>

const struct string_field string_fields[] = {
#define FIELD(tag, name, member) { name, offsetof(struct flyte_task_context, member) },
#include "context/fields.def"
#undef FIELD
};

_Static_assert(sizeof(string_fields) / sizeof(*string_fields) == STRING_FIELDS,
	       "STRING_FIELDS is the number of lines of fields.def");

const char *field_value(const struct flyte_task_context *task, size_t offset)
{
	return *(const char *const *)(const void *)((const char *)task + offset);
}

void field_set(struct flyte_task_context *task, size_t offset, const char *value)
{
	*(const char **)(void *)((char *)task + offset) = value;
}

static const char *const mode_names[] = { NULL, "local", "remote", "hybrid" };

const char *mode_name(enum flyte_mode mode)
{
	return mode_names[mode];
}

enum flyte_mode mode_from_name(const char *name)
{
	for (int mode = FLYTE_MODE_LOCAL; mode <= FLYTE_MODE_HYBRID; mode++)
		if (!strcmp(name, mode_names[mode]))
			return (enum flyte_mode)mode;
	return FLYTE_MODE_UNSET;
}
