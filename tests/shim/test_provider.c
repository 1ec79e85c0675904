/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim/provider.c: a runtime with contexts of its own is asked for that of the thread that starts
 * something (SPEC 3). The runtime here has a lock as CPython's: `holder` is who holds it.
 */
#include <signal.h>
#include <spawn.h>

#include "shim_test.h"

static _Thread_local int own_state;
static _Thread_local const struct flyte_task_context *answer;
static _Thread_local int asked;
static _Atomic(void *) holder;
static void *failing;
static int instance, other_instance, *running_instance = &instance;
static bool starts_while_asked;

static void *look(void *key)
{
	return strdup(custom(key));
}

/* The custom context that a thread has which this one starts, "-" if unset. */
static const char *thread_sees(const char *key)
{
	static _Thread_local char text[32];
	pthread_t thread;
	void *seen;

	assert_int_equal(pthread_create(&thread, NULL, look, (void *)(uintptr_t)key), 0);
	assert_int_equal(pthread_join(thread, &seen), 0);
	snprintf(text, sizeof(text), "%s", (char *)seen);
	free(seen);
	return text;
}

static const struct flyte_task_context *left;
static int finished, recovered;

static void *ask(void *argument)
{
	assert_ptr_equal(argument, &instance);
	assert_null(left);
	asked++;
	if (starts_while_asked)
		thread_sees("from");
	errno = EDOM;
	left = answer;
	return &finished;
}

static void finish(void *result)
{
	assert_ptr_equal(result, &finished);
	finished++;
}

static void recover(void)
{
	recovered++;
}

static void *running(void)
{
	return holder;
}

static void *own(void)
{
	return &own_state;
}

static void *which_instance(void)
{
	return running_instance;
}

static void *pending(void)
{
	return failing;
}

static const struct flyte_provider provider = {
	.size = sizeof(provider),
	.ask = ask,
	.argument = &instance,
	.answer = &left,
	.finish = finish,
	.recover = recover,
	.running = running,
	.own = own,
	.instance = which_instance,
	.of_instance = &instance,
	.pending = pending,
};

/* A context of the runtime: the task's with from=VALUE. */
static const struct flyte_task_context *make(const char *value)
{
	struct flyte_pair pair = { "from", value };
	struct flyte_task_context task = *flyte_ctx_get();
	const struct flyte_task_context *made;

	task.custom_context.count = 1;
	task.custom_context.items = &pair;
	made = flyte_ctx_new(&task);
	assert_non_null(made);
	return made;
}

static int set_up(void **state)
{
	(void)state;
	holder = &own_state;
	running_instance = &instance;
	failing = NULL;
	starts_while_asked = false;
	answer = make("python");
	asked = finished = recovered = 0;
	return flyte_provider_set(&provider);
}

static int tear_down(void **state)
{
	(void)state;
	flyte_ctx_release(answer);
	answer = NULL;
	return flyte_provider_set(NULL);
}

/* What "from" is in a child's environment: v of k~... in its FLYTE_CTX, "-" if unset. */
static const char *child_sees(int (*start)(int out))
{
	static char text[4096];
	static char value[32];
	int fds[2];
	char *found;

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(start(fds[1]), 0);
	close(fds[1]);
	read_all(fds[0], text, sizeof(text));
	found = strstr(text, "kv-from~-");
	snprintf(value, sizeof(value), "%.*s", found ? (int)strcspn(found + 9, ".") : 1,
		 found ? found + 9 : "-");
	return value;
}

static const char script[] = "printf %s \"$FLYTE_CTX\"";

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

static int by_vfork(int out)
{
	char *argv[] = { "sh", "-c", (char *)(uintptr_t)script, NULL };
	pid_t pid = vfork();

	if (pid == 0) {
		dup2(out, 1);
		execv("/bin/sh", argv);
		_exit(127);
	}
	return wait_for(pid);
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

static void only_who_holds_the_lock_is_asked(void **state)
{
	int other;

	(void)state;
	holder = NULL;
	assert_string_equal(thread_sees("from"), "-");
	holder = &other;
	assert_string_equal(thread_sees("from"), "-");
	holder = &own_state;
	running_instance = &other_instance;
	assert_string_equal(thread_sees("from"), "-");
	running_instance = &instance;
	failing = &other;
	assert_string_equal(thread_sees("from"), "-");
	assert_int_equal(asked, 0);
	failing = NULL;
	assert_string_equal(thread_sees("from"), "python");
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

static void not_in_a_vfork_child(void **state)
{
	(void)state;
	assert_string_equal(child_sees(by_vfork), "-");
	assert_int_equal(asked, 0);
}

static void in_a_fork_child_once_it_is_set_there(void **state)
{
	const struct flyte_task_context *kept = answer;
	pid_t pid;

	(void)state;
	pid = fork();
	if (pid == 0) {
		bool right = asked == 1 && strcmp(custom("from"), "python") == 0;

		answer = make("child");
		right = right && strcmp(thread_sees("from"), "python") == 0 && asked == 1;
		flyte_provider_set(&provider);
		right = right && strcmp(thread_sees("from"), "child") == 0 && asked == 2;
		_exit(right ? 0 : 1);
	}
	assert_int_equal(wait_for(pid), 0);
	assert_ptr_equal(answer, kept);
	assert_string_equal(custom("from"), "-");
	assert_string_equal(thread_sees("from"), "python");
}

static volatile sig_atomic_t asked_in_handler;

static void on_signal(int number)
{
	char *argv[] = { (char[]) { "true" }, NULL };
	int before = asked;
	pid_t pid;

	(void)number;
	if (posix_spawn(&pid, "/bin/true", NULL, NULL, argv, environ) == 0)
		wait_for(pid);
	asked_in_handler = asked - before;
}

static void not_in_a_signal_handler(void **state)
{
	(void)state;
	signal(SIGUSR1, on_signal);
	asked_in_handler = -1;
	raise(SIGUSR1);
	assert_int_equal(asked_in_handler, 0);
	signal(SIGUSR1, SIG_DFL);
	assert_string_equal(thread_sees("from"), "python");
}

static void a_bad_one_is_refused(void **state)
{
	struct flyte_provider bad = provider;

	(void)state;
	bad.size = 8;
	assert_int_equal(flyte_provider_set(&bad), -1);
	assert_int_equal(errno, EINVAL);
	bad = provider;
	bad.answer = NULL;
	assert_int_equal(flyte_provider_set(&bad), -1);
	assert_string_equal(thread_sees("from"), "python");
	assert_int_equal(flyte_provider_set(NULL), 0);
	assert_string_equal(thread_sees("from"), "-");
	assert_int_equal(flyte_provider_set(&provider), 0);
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

/* The lock goes from hand to hand; each is asked for its own, and starts threads with its own. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *start_many(void *number)
{
	char value[16];
	long wrong = 0;

	snprintf(value, sizeof(value), "%ld", (long)(intptr_t)number);
	pthread_mutex_lock(&lock);
	answer = make(value);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < 300; i++) {
		pthread_mutex_lock(&lock);
		holder = &own_state;
		wrong += strcmp(thread_sees("from"), value) != 0;
		holder = NULL;
		pthread_mutex_unlock(&lock);
		wrong += strcmp(custom("from"), "-") != 0;
	}
	pthread_mutex_lock(&lock);
	flyte_ctx_release(answer);
	pthread_mutex_unlock(&lock);
	return (void *)(intptr_t)(wrong * 1000 + (asked != 300));
}

static void each_thread_is_asked_for_its_own(void **state)
{
	enum { MANY = 8 };
	pthread_t threads[MANY];
	void *wrong;

	(void)state;
	holder = NULL;
	for (int i = 0; i < MANY; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, start_many, (void *)(intptr_t)i),
				 0);
	for (int i = 0; i < MANY; i++) {
		pthread_join(threads[i], &wrong);
		assert_null(wrong);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_provider_is_asked_at_each_start),
		TEST(what_was_before_is_so_again),
		TEST(no_answer_changes_nothing),
		TEST(errno_is_kept),
		TEST(only_who_holds_the_lock_is_asked),
		TEST(a_scope_of_the_thread_itself_is_newer),
		TEST(what_it_gave_is_no_scope_of_the_thread),
		TEST(what_it_gave_has_no_token),
		TEST(an_inherited_scope_is_not),
		TEST(who_is_asked_may_start_something),
		TEST(not_in_a_vfork_child),
		TEST(in_a_fork_child_once_it_is_set_there),
		TEST(not_in_a_signal_handler),
		TEST(a_bad_one_is_refused),
		TEST(a_new_context_is_what_was_given),
		TEST(each_thread_is_asked_for_its_own),
	};

	return cmocka_run_group_tests_name("provider", tests, NULL, NULL);
}
