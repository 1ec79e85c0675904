/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim/provider.c: a runtime with contexts of its own is asked for that of the thread that starts
 * something (SPEC 3.21).
 */
#include <spawn.h>

#include "provider_test.h"

static int by_spawn(int out)
{
	char *argv[] = { "sh", "-c", (char *)(uintptr_t)script, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int error;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	error = posix_spawn(&pid, "/bin/sh", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return error ? error : wait_for(pid);
}

static int by_fork(int out)
{
	pid_t pid = fork();

	if (pid == 0) {
		dup2(out, 1);
		execl("/bin/sh", "sh", "-c", script, (char *)NULL);
		_exit(127);
	}
	return wait_for(pid);
}

static int by_system(int out)
{
	char command[64];

	snprintf(command, sizeof(command), "%s >&%d", script, out);
	return system(command);
}

static int by_popen(int out)
{
	char text[4096];
	FILE *stream = popen(script, "r");
	size_t length;

	assert_non_null(stream);
	length = fread(text, 1, sizeof(text), stream);
	assert_int_equal(write(out, text, length), length);
	return pclose(stream);
}

static void the_provider_is_asked_at_each_start(void **state)
{
	(void)state;
	assert_string_equal(thread_sees("from"), "python");
	assert_string_equal(child_sees(by_spawn), "python");
	assert_string_equal(child_sees(by_fork), "python");
	assert_string_equal(child_sees(by_system), "python");
	assert_string_equal(child_sees(by_popen), "python");
	assert_true(asked >= 5);
	assert_int_equal(finished, asked);
	assert_int_equal(recovered, asked);
}

static void what_was_before_is_so_again(void **state)
{
	const struct flyte_task_context *before = flyte_ctx_get();

	(void)state;
	thread_sees("from");
	child_sees(by_spawn);
	child_sees(by_fork);
	child_sees(by_system);
	child_sees(by_popen);
	assert_ptr_equal(flyte_ctx_get(), before);
	assert_string_equal(custom("from"), "-");
	assert_string_equal(custom("increment"), "1");
}

static void no_answer_changes_nothing(void **state)
{
	const struct flyte_task_context *kept = answer;

	(void)state;
	answer = NULL;
	assert_string_equal(thread_sees("increment"), "1");
	assert_int_equal(asked, 1);
	answer = kept;
}

static void errno_is_kept(void **state)
{
	(void)state;
	errno = ENOTTY;
	assert_string_equal(thread_sees("from"), "python");
	assert_int_equal(errno, ENOTTY);
	assert_int_equal(asked, 1);
	errno = ENOTTY;
	assert_string_equal(child_sees(by_spawn), "python");
	errno = ENOTTY;
	execl("/nonexistent/none", "none", (char *)NULL);
	assert_int_equal(errno, ENOENT);
}

static void a_scope_of_the_thread_itself_is_newer(void **state)
{
	flyte_token token = enter("from", "native");

	(void)state;
	assert_string_equal(thread_sees("from"), "native");
	assert_int_equal(asked, 0);
	assert_int_equal(flyte_context_exit(token), 0);
	assert_string_equal(thread_sees("from"), "python");
}

/* A scope on top of what the provider gave is newer too; what it gave is not. */
static void what_it_gave_is_no_scope_of_the_thread(void **state)
{
	const struct flyte_task_context *given = make("pushed"), *before;
	flyte_token token;

	(void)state;
	before = flyte_ctx_swap(flyte_ctx_retain(given));
	assert_string_equal(custom("from"), "pushed");
	assert_string_equal(thread_sees("from"), "python");
	token = enter("from", "native");
	assert_string_equal(thread_sees("from"), "native");
	assert_int_equal(flyte_context_exit(token), 0);
	assert_string_equal(thread_sees("from"), "python");
	assert_int_equal(flyte_context_exit(token), -1);
	assert_int_equal(flyte_context_exit(0), -1);
	assert_string_equal(custom("from"), "pushed");
	flyte_ctx_release(flyte_ctx_swap(before));
	flyte_ctx_release(given);
}

/* On a thread that has never entered anything. */
static void *exit_nothing(void *given)
{
	const struct flyte_task_context *before = flyte_ctx_swap(flyte_ctx_retain(given));
	bool refused = flyte_context_exit(0) == -1 && flyte_ctx_get() == given;

	flyte_ctx_release(flyte_ctx_swap(before));
	return refused ? given : NULL;
}

static void what_it_gave_has_no_token(void **state)
{
	const struct flyte_task_context *given = make("pushed");
	pthread_t thread;
	void *refused;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, exit_nothing, (void *)(uintptr_t)given), 0);
	assert_int_equal(pthread_join(thread, &refused), 0);
	assert_ptr_equal(refused, given);
	flyte_ctx_release(given);
}

static void *in_inherited_scope(void *unused)
{
	void *before = holder;

	(void)unused;
	assert_string_equal(custom("from"), "native");
	holder = &own_state;
	answer = make("python");
	assert_string_equal(thread_sees("from"), "python");
	flyte_ctx_release(answer);
	answer = NULL;
	assert_string_equal(thread_sees("from"), "native");
	holder = before;
	return NULL;
}

static void an_inherited_scope_is_not(void **state)
{
	flyte_token token = enter("from", "native");
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, in_inherited_scope, NULL), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	flyte_context_exit(token);
}

static void who_is_asked_may_start_something(void **state)
{
	(void)state;
	starts_while_asked = true;
	assert_string_equal(thread_sees("from"), "python");
	assert_int_equal(asked, 1);
}

static void a_new_context_is_what_was_given(void **state)
{
	struct flyte_task_context task = { .size = sizeof(task), .action = { .name = "a9" } };
	const struct flyte_task_context *made = flyte_ctx_new(&task);

	(void)state;
	assert_string_equal(made->action.run_name, "a9");
	assert_string_equal(made->task_action.name, "a9");
	assert_int_equal(made->custom_context.count, 0);
	flyte_ctx_release(made);
	task.action.name = NULL;
	assert_null(flyte_ctx_new(&task));
	assert_int_equal(errno, EINVAL);
	assert_null(flyte_ctx_new(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_provider_is_asked_at_each_start),
		TEST(what_was_before_is_so_again),
		TEST(no_answer_changes_nothing),
		TEST(errno_is_kept),
		TEST(a_scope_of_the_thread_itself_is_newer),
		TEST(what_it_gave_is_no_scope_of_the_thread),
		TEST(what_it_gave_has_no_token),
		TEST(an_inherited_scope_is_not),
		TEST(who_is_asked_may_start_something),
		TEST(a_new_context_is_what_was_given),
	};

	return cmocka_run_group_tests_name("provider", tests, NULL, NULL);
}
