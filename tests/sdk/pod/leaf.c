/* SPDX-License-Identifier: Apache-2.0 */
/* A tool of a raw container: built on flyte_ctx.h, linked with nothing, it says where it is. */
#include "flyte_ctx.h"

#include <stdio.h>
#include <time.h>

static void say(const char *name, const char *value)
{
	printf("%s=%s\n", name, value ? value : "-");
}

static void say_start(int64_t nanoseconds)
{
	time_t seconds = (time_t)(nanoseconds / 1000000000);
	char text[32];

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime(&seconds));
	say("run_start_time", text);
}

static void say_task(const struct flyte_task_context *context)
{
	say("name", context->action.name);
	say("run_name", context->action.run_name);
	say("project", context->action.project);
	say("domain", context->action.domain);
	say("org", context->action.org);
	say("version", context->version);
	say("input_path", context->input_path);
	say("output_path", context->output_path);
	say("run_base_dir", context->run_base_dir);
	say("raw_data", context->raw_data_path.path);
	say("checkpoint", context->checkpoint_paths.checkpoint_path);
	say("prev_checkpoint", context->checkpoint_paths.prev_checkpoint_path);
	say("remote", context->mode == FLYTE_MODE_REMOTE ? "yes" : "no");
	say_start(context->run_start_time);
}

int main(void)
{
	const struct flyte_task_context *context = flyte_ctx_get();
	char path[256];

	if (!context) {
		puts("outside a task");
		return 1;
	}
	say_task(context);
	printf("attempt=%d\n", flyte_attempt_number());
	if (flyte_path_rewrite("s3://public/data", path, sizeof(path)) > 0)
		say("rewritten", path);
	for (size_t i = 0; i < context->custom_context.count; i++)
		printf("custom_context.%s=%s\n", context->custom_context.items[i].key,
		       context->custom_context.items[i].value);
	return 0;
}
