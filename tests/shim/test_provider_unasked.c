/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim/provider.c: where a runtime is not asked (SPEC 3.21): on other threads than that with its
 * lock, in vfork children, in signal handlers; and which providers are refused.
 */
#include <spawn.h>

#include "provider_test.h"

static int other_instance;

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_who_holds_the_lock_is_asked),
		TEST(not_in_a_vfork_child),
		TEST(in_a_fork_child_once_it_is_set_there),
		TEST(not_in_a_signal_handler),
		TEST(a_bad_one_is_refused),
		TEST(each_thread_is_asked_for_its_own),
	};

	return cmocka_run_group_tests_name("provider_unasked", tests, NULL, NULL);
}
