/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leaf - what C code sees of a task's context: as a program on stdout, as a library for ctypes in a
 * thread of whoever calls, of its own, and of OpenMP. The form is that of `flytectx show`, without
 * the attempt's number; "none" outside of tasks.
 */
#include "flyte_ctx.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

/* A text that grows up to `size`. */
struct text {
	char *at;
	size_t size, length;
};

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text->at + text->length, text->size - text->length, format, arguments);
	va_end(arguments);
	if (length > 0 && text->length + (size_t)length < text->size)
		text->length += (size_t)length;
}

static void add_field(struct text *text, const char *name, const char *value)
{
	if (value)
		add(text, "%s: %s\n", name, value);
}

static void add_action(struct text *text, const char *prefix, const struct flyte_action_id *action)
{
	const char *const names[] = { "name", "run_name", "project", "domain", "org" };
	const char *const values[] = { action->name, action->run_name, action->project,
				       action->domain, action->org };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (values[i])
			add(text, "%s.%s: %s\n", prefix, names[i], values[i]);
}

static void add_time(struct text *text, int64_t nanoseconds)
{
	time_t seconds = (time_t)(nanoseconds / 1000000000);
	struct tm parts;
	char date[32];

	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &parts));
	add(text, "run_start_time: %s.%09dZ\n", date, (int)(nanoseconds % 1000000000));
}

/* The context of the calling thread. */
void describe(char *into, size_t size)
{
	const char *const modes[] = { NULL, "local", "remote", "hybrid" };
	const struct flyte_task_context *ctx = flyte_ctx_get();
	struct text text = { into, size, 0 };

	if (!ctx) {
		add(&text, "none\n");
		return;
	}
	add_action(&text, "action", &ctx->action);
	add_action(&text, "task_action", &ctx->task_action);
	add_field(&text, "version", ctx->version);
	add_field(&text, "input_path", ctx->input_path);
	add_field(&text, "output_path", ctx->output_path);
	add_field(&text, "run_base_dir", ctx->run_base_dir);
	add_field(&text, "raw_data_path.path", ctx->raw_data_path.path);
	add_field(&text, "raw_data_path.path_rewrite.old_prefix",
		  ctx->raw_data_path.path_rewrite.old_prefix);
	add_field(&text, "raw_data_path.path_rewrite.new_prefix",
		  ctx->raw_data_path.path_rewrite.new_prefix);
	add_field(&text, "checkpoint_paths.checkpoint_path", ctx->checkpoint_paths.checkpoint_path);
	add_field(&text, "checkpoint_paths.prev_checkpoint_path",
		  ctx->checkpoint_paths.prev_checkpoint_path);
	add_field(&text, "group", ctx->group);
	add_field(&text, "mode", modes[ctx->mode]);
	add_time(&text, ctx->run_start_time);
	add_field(&text, "interactive_mode", ctx->interactive_mode ? "true" : NULL);
	add_field(&text, "disable_run_cache", ctx->disable_run_cache ? "true" : NULL);
	add_field(&text, "in_trace", ctx->in_trace ? "true" : NULL);
	for (size_t i = 0; i < ctx->custom_context.count; i++)
		add(&text, "custom_context.%s: %s\n", ctx->custom_context.items[i].key,
		    ctx->custom_context.items[i].value);
}

static void *describe_thread(void *text)
{
	describe(((struct text *)text)->at, ((struct text *)text)->size);
	return NULL;
}

/* In a thread that this library makes. 0, or an error of pthread_create. */
int describe_in_thread(char *into, size_t size)
{
	struct text text = { into, size, 0 };
	pthread_t thread;
	int error = pthread_create(&thread, NULL, describe_thread, &text);

	return error ? error : pthread_join(thread, NULL);
}

static void *call_thread(void *callback)
{
	(*(void (**)(void))callback)();
	return NULL;
}

/* The callback, Python's for one, in a thread that this library makes. */
int call_in_thread(void (*callback)(void))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, call_thread, &callback);

	return error ? error : pthread_join(thread, NULL);
}

/* In each of `count` threads of a parallel region: `size` bytes for each. Returns how many ran. */
int describe_in_region(char *into, size_t size, int count)
{
	int ran = 0;

#pragma omp parallel for schedule(static, 1) num_threads(count) reduction(+ : ran)
	for (int i = 0; i < count; i++) {
		describe(into + (size_t)i * size, size);
		ran++;
	}
	return ran;
}

/* A scope on the calling thread, for as long as that lives. */
int enter(const char *increment)
{
	struct flyte_pair pair = { "increment", increment };

	return flyte_custom_context_enter(&pair, 1) ? 0 : -1;
}

static int leave_entered(void *increment)
{
	return enter(increment);
}

/* A function that leaves a scope entered, by flyte_contextual_run(); what is current after it. */
void describe_after_contextual_run(char *into, size_t size)
{
	static char increment[] = "left";

	flyte_contextual_run(leave_entered, increment);
	describe(into, size);
}

int main(void)
{
	static char text[1 << 17];

	describe(text, sizeof(text));
	return fputs(text, stdout) < 0 || fflush(stdout) ? 1 : 0;
}
