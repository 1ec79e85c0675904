/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flytectx show --json - one object that mirrors struct flyte_task_context, with the same names.
 * Bytes that are not UTF-8 become U+FFFD, since JSON has no place for them.
 */
#include "command/look/task_fields.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "command/look/show.h"
#include "local/timestamp.h"
#include "command/terminal/utf8_repaired.h"

#include <jansson.h>
#include <string.h>

/* Takes over `value`. */
static void put(json_t *object, const char *key, json_t *value)
{
	if (!value || json_object_set_new(object, key, value) < 0)
		message_fail("memory", "the context does not fit as JSON");
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(utf8_repaired(text)) : json_null();
}

/* The object `name` in `object`; made where it is missing. */
static json_t *object_in(json_t *object, const char *name)
{
	if (!json_object_get(object, name))
		put(object, name, json_object());
	return json_object_get(object, name);
}

/* "raw_data_path.path_rewrite.old_prefix": an object in an object. */
static void put_at(json_t *object, const char *name, json_t *value)
{
	const char *dot;

	while ((dot = strchr(name, '.'))) {
		object = object_in(object, memory_text("%.*s", (int)(dot - name), name));
		name = dot + 1;
	}
	put(object, name, value);
}

static void put_scalars(json_t *object, const struct shown *shown)
{
	const struct flyte_task_context *task = &shown->context.task;
	char time[TIMESTAMP_SIZE];

	put(object, "mode", text_or_null(mode_name(task->mode)));
	put(object, "interactive_mode", json_boolean(task->interactive_mode));
	put(object, "disable_run_cache", json_boolean(task->disable_run_cache));
	put(object, "in_trace", json_boolean(task->in_trace));
	put(object, "run_start_time", json_string(timestamp_text(task->run_start_time, time)));
	put(object, "attempt_number",
	    shown->has_attempt ? json_integer(shown->attempt_number) : json_null());
}

static json_t *custom_context(const struct flyte_task_context *task)
{
	json_t *object = json_object();

	for (size_t i = 0; object && i < task->custom_context.count; i++) {
		const struct flyte_pair *pair = &task->custom_context.items[i];

		put(object, utf8_repaired(pair->key), text_or_null(pair->value));
	}
	return object;
}

void show_json(const struct shown *shown)
{
	const struct flyte_task_context *task = &shown->context.task;
	json_t *object = json_object();

	if (!object)
		message_fail("memory", "the context does not fit as JSON");
	for (size_t i = 0; i < STRING_FIELDS; i++)
		put_at(object, string_fields[i].name,
		       text_or_null(field_value(task, string_fields[i].offset)));
	put_scalars(object, shown);
	put(object, "custom_context", custom_context(task));
	/* Whether stdout took it is for message_end_output() to say. */
	json_dumpf(object, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	fputc('\n', stdout);
	json_decref(object);
}
