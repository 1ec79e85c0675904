/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's tests/flyte/test_interactive_run_context.py: the context that the options of the
 * SDK's entrypoint make. Upstream restores it from a file in which it wrote them; here they are
 * options of `flytectx run` (SPEC 5.3).
 */
#include "run_task.h"

static void print_all(void)
{
	const struct flyte_task_context *context = flyte_ctx_get();

	printf("%s %s %s %s %s %s\n", context->action.name, context->action.run_name,
	       context->action.project, context->action.domain, context->action.org,
	       context->version);
	printf("%s %s %s %s\n", context->raw_data_path.path, context->input_path,
	       context->output_path, context->run_base_dir);
	printf("%s %s\n", context->checkpoint_paths.checkpoint_path,
	       context->checkpoint_paths.prev_checkpoint_path ? "prev" : "no prev");
	printf("%s %s %lld\n", context->interactive_mode ? "interactive" : "not interactive",
	       flyte_context_is_in_cluster(context) ? "remote" : "not remote",
	       (long long)context->run_start_time);
}

static void test_load_interactive_ctx_restores_task_context(void **state)
{
	const char *const options[] = {
		"--outputs-path",
		"s3://bucket/run/a0/output",
		"--version",
		"v1",
		"--run-base-dir",
		"s3://bucket/run",
		"--raw-data-path",
		"s3://bucket/run/raw",
		"--checkpoint-path",
		"s3://bucket/run/a0/ckpt",
		"--prev-checkpoint",
		"",
		"--name",
		"a0",
		"--run-name",
		"test-run",
		"--run-start-time",
		"2026-08-11T01:02:03Z",
		"--project",
		"proj",
		"--domain",
		"dev",
		"--org",
		"acme",
		"--interactive-mode",
		"--mode",
		"remote",
		"--inputs",
		"/dev/null",
		NULL,
	};
	char output[OUTPUT_SIZE];

	(void)state;
	assert_string_equal(run_task(options, "print_all", output),
			    "a0 test-run proj dev acme v1\n"
			    "s3://bucket/run/raw /dev/null s3://bucket/run/a0/output "
			    "s3://bucket/run\n"
			    "s3://bucket/run/a0/ckpt no prev\n"
			    "interactive remote 1786410123000000000");
}

static void print_names(void)
{
	const struct flyte_task_context *context = flyte_ctx_get();

	printf("%s %s\n", context->action.run_name, context->action.name);
}

static void test_load_interactive_ctx_resolves_template_names_from_env(void **state)
{
	const char *const options[] = { "--run-name", "{{.runName}}", "--name", "{{.actionName}}",
					NULL };
	char output[OUTPUT_SIZE];

	(void)state;
	setenv("RUN_NAME", "env-run", 1);
	setenv("ACTION_NAME", "env-action", 1);
	run_task(options, "print_names", output);
	unsetenv("RUN_NAME");
	unsetenv("ACTION_NAME");
	assert_string_equal(output, "env-run env-action");
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_load_interactive_ctx_restores_task_context),
		cmocka_unit_test(test_load_interactive_ctx_resolves_template_names_from_env),
	};

	if (argc == 1)
		return cmocka_run_group_tests_name("test_interactive_run_context", tests,
						   be_outside, NULL);
	if (!flyte_ctx_get())
		return 1;
	if (!strcmp(argv[1], "print_names"))
		print_names();
	else
		print_all();
	return 0;
}
