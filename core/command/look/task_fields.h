/* SPDX-License-Identifier: Apache-2.0 */
/*
 * task_fields - the members of a task context by the names that people use: fields.def as a table.
 */
#ifndef FLYTECTX_TASK_FIELDS_H
#define FLYTECTX_TASK_FIELDS_H

#include "context/context.h"

struct string_field {
	const char *name; /* "action.name" */
	size_t offset;
};

#define STRING_FIELDS 21
extern const struct string_field string_fields[STRING_FIELDS];

/* The value of such a member; NULL if unset. */
const char *field_value(const struct flyte_task_context *task, size_t offset);
void field_set(struct flyte_task_context *task, size_t offset, const char *value);

/* "local", "remote", "hybrid"; NULL for FLYTE_MODE_UNSET. */
const char *mode_name(enum flyte_mode mode);

/* FLYTE_MODE_UNSET for what is no name of a mode. */
enum flyte_mode mode_from_name(const char *name);

#endif
