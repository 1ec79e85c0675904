/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conformance - what the counterparts of upstream's tests share; docs/conformance.md lists them.
 * A program is started inside a task as well as outside one (tests/sdk/conformance/run). Its tests
 * begin outside, as upstream's do: be_outside() is the setup of each group. Started with an
 * argument, the program is a child of its own, and reports what it sees on stdout.
 */
#ifndef FLYTECTX_CONFORMANCE_H
#define FLYTECTX_CONFORMANCE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flyte_ctx.h"

#define OUTPUT_SIZE 4096

/* What a thread returns that finds something wrong; cmocka can fail a test on its own alone. */
#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			return "not so: " #condition;                                              \
	} while (0)

static inline void assert_right(const char *wrong)
{
	if (wrong)
		fail_msg("%s", wrong);
}

static inline int be_outside(void **state)
{
	(void)state;
	flyte_ctx_release(flyte_ctx_swap(NULL));
	return flyte_ctx_get() ? -1 : 0;
}

/* The context that upstream's fixtures make, but for what holds Python objects. */
static inline struct flyte_task_context fixture(void)
{
	return (struct flyte_task_context) {
		.size = sizeof(struct flyte_task_context),
		.action.name = "test",
		.run_base_dir = "test",
		.output_path = "test",
		.raw_data_path.path = "",
		.version = "",
	};
}

/* The same with a custom context; `pairs` is borrowed until it is entered. */
static inline struct flyte_task_context fixture_with(const struct flyte_pair *pairs, size_t count)
{
	struct flyte_task_context task = fixture();

	task.custom_context.items = pairs;
	task.custom_context.count = count;
	return task;
}

static inline flyte_token enter_task(struct flyte_task_context task)
{
	flyte_token token = flyte_replace_task_context(&task);

	assert_true(token > FLYTE_TOKEN_NONE);
	return token;
}

static inline void leave(flyte_token token)
{
	assert_int_equal(flyte_context_exit(token), 0);
}

/* --- the custom context as a text: "key=value key=value", in its order --- */

static inline const char *custom_context(char text[OUTPUT_SIZE])
{
	const struct flyte_task_context *context = flyte_ctx_get();
	size_t length = 0;

	if (!context)
		return strcpy(text, "outside");
	text[0] = '\0';
	for (size_t i = 0; i < context->custom_context.count && length < OUTPUT_SIZE; i++)
		length += (size_t)snprintf(text + length, OUTPUT_SIZE - length, "%s%s=%s",
					   i ? " " : "", context->custom_context.items[i].key,
					   context->custom_context.items[i].value);
	return text;
}

static inline void assert_custom_context(const char *expected)
{
	char text[OUTPUT_SIZE];

	assert_string_equal(custom_context(text), expected);
}

/* --- threads --- */

static inline void *start_and_join(void *(*function)(void *), void *argument)
{
	pthread_t thread;
	void *result;

	assert_int_equal(pthread_create(&thread, NULL, function, argument), 0);
	assert_int_equal(pthread_join(thread, &result), 0);
	return result;
}

/* --- child processes --- */

/* Absolute, for another program can't start it as /proc/self/exe. */
static inline const char *self(void)
{
	static char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	path[length > 0 ? length : 0] = '\0';
	return path;
}

/* Starts argv[0] with its stdout in a pipe, whose other end is returned. */
static inline int start(const char *const argv[], pid_t *pid)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	*pid = fork();
	assert_true(*pid >= 0);
	if (!*pid) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(ends[1]);
	return ends[0];
}

/* What it writes, without the newline at its end. It must end with 0. */
static inline const char *finish(int fd, pid_t pid, char output[OUTPUT_SIZE])
{
	size_t length = 0;
	ssize_t got;
	int status;

	while (length < OUTPUT_SIZE - 1 &&
	       (got = read(fd, output + length, OUTPUT_SIZE - 1 - length)) > 0)
		length += (size_t)got;
	close(fd);
	output[length] = '\0';
	if (length && output[length - 1] == '\n')
		output[length - 1] = '\0';
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	return output;
}

static inline const char *output_of(const char *const argv[], char output[OUTPUT_SIZE])
{
	pid_t pid;
	int fd = start(argv, &pid);

	return finish(fd, pid, output);
}

/* What this program writes as a child: see report(). */
static inline void assert_child(const char *role, const char *expected)
{
	const char *const argv[] = { self(), role, NULL };
	char output[OUTPUT_SIZE];

	assert_string_equal(output_of(argv, output), expected);
}

/* The child's side. Roles that are a test's own are that test's. */
static inline int report(const char *role)
{
	const struct flyte_task_context *context = flyte_ctx_get();
	char text[OUTPUT_SIZE];

	if (!strcmp(role, "custom_context"))
		puts(custom_context(text));
	else if (!strcmp(role, "group"))
		puts(context && context->group ? context->group : "-");
	else if (!strcmp(role, "in_trace"))
		puts(context && context->in_trace ? "true" : "false");
	else
		return 2;
	return 0;
}

#endif
