/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flytectx ps --json - one object; flytectx(1) describes it. Members are only ever added.
 */
#include "command/look/ps_options.h"
#include "command/terminal/message.h"
#include "command/terminal/utf8_repaired.h"

#include <jansson.h>

static void put(json_t *object, const char *key, json_t *value)
{
	if (!value || json_object_set_new(object, key, value) < 0)
		message_fail("memory", "the processes do not fit as JSON");
}

static void append(json_t *array, json_t *value)
{
	if (!value || json_array_append_new(array, value) < 0)
		message_fail("memory", "the processes do not fit as JSON");
}

static json_t *text_or_null(const char *text)
{
	return text ? json_string(utf8_repaired(text)) : json_null();
}

static void put_context(json_t *object, const struct seen_context *context)
{
	json_t *custom = json_object();

	for (size_t i = 0; custom && i < context->count; i++)
		put(custom, utf8_repaired(context->pairs[i].key),
		    text_or_null(context->pairs[i].value));
	put(object, "from", json_string(seen_from_name(context->from)));
	put(object, "action", text_or_null(context->action));
	put(object, "run_name", text_or_null(context->run));
	put(object, "group", text_or_null(context->group));
	put(object, "custom_context", custom);
}

static json_t *thread_object(const struct seen_thread *thread)
{
	json_t *object = json_object();

	put(object, "tid", json_integer(thread->tid));
	put(object, "name", text_or_null(thread->name));
	put_context(object, &thread->context);
	return object;
}

static json_t *process_object(const struct seen_process *process)
{
	json_t *object = json_object(), *threads = json_array();

	put(object, "pid", json_integer(process->pid));
	put(object, "parent", json_integer(process->parent));
	put(object, "name", text_or_null(process->name));
	put(object, "command", text_or_null(process->command));
	put(object, "pid_namespace", text_or_null(process->space));
	put(object, "inner_pid", json_integer(process->inner));
	put(object, "thread_count", json_integer((json_int_t)process->threads_all));
	put_context(object, &process->context);
	for (size_t i = 0; i < process->thread_count; i++)
		append(threads, thread_object(&process->threads[i]));
	put(object, "threads", threads);
	return object;
}

void ps_json(const struct seen_process *const *processes, size_t count)
{
	json_t *object = json_object(), *list = json_array();

	for (size_t i = 0; i < count; i++)
		append(list, process_object(processes[i]));
	put(object, "processes", list);
	json_dumpf(object, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	fputc('\n', stdout);
	json_decref(object);
}
