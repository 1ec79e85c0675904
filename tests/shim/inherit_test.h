/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inherit_test - what the tests of children share: each way of starting something, and the carrier
 * that a child has in its own environment.
 */
#ifndef FLYTECTX_INHERIT_TEST_H
#define FLYTECTX_INHERIT_TEST_H

#include <spawn.h>

#include "shim_again.h"

#define CARRIER_MAX ((size_t)96 * 1024)

struct carrier {
	char text[CARRIER_MAX + 4096]; /* "" where there is none */
};

/* Cuts the environment that `env` printed down to the carrier. */
static inline void keep_carrier(struct carrier *carrier)
{
	char *start = strstr(carrier->text, "FLYTE_CTX="), *end;

	if (!start) {
		carrier->text[0] = '\0';
		return;
	}
	end = strchrnul(start, '\n');
	memmove(carrier->text, start + 10, (size_t)(end - start - 10));
	carrier->text[end - start - 10] = '\0';
}

static char *const env_argv[] = { "env", NULL };

/* Of the carrier alone: the rest of the environment would be read as well. */
static char *const no_environment[] = { NULL };

static inline void carrier_of_exec(struct carrier *carrier)
{
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], 1);
		close(fds[0]);
		close(fds[1]);
		execve("/usr/bin/env", env_argv, no_environment);
		_exit(1);
	}
	close(fds[1]);
	read_all(fds[0], carrier->text, sizeof(carrier->text));
	assert_int_equal(wait_for(pid), 0);
	keep_carrier(carrier);
}

static inline void carrier_of_spawn(struct carrier *carrier)
{
	posix_spawn_file_actions_t actions;
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], 1);
	posix_spawn_file_actions_addclose(&actions, fds[0]);
	posix_spawn_file_actions_addclose(&actions, fds[1]);
	assert_int_equal(
		posix_spawn(&pid, "/usr/bin/env", &actions, NULL, env_argv, no_environment), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(fds[1]);
	read_all(fds[0], carrier->text, sizeof(carrier->text));
	assert_int_equal(wait_for(pid), 0);
	keep_carrier(carrier);
}

static inline void *in_thread(void *carrier)
{
	carrier_of_exec(carrier);
	return NULL;
}

static inline void carrier_of_thread(struct carrier *carrier)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, in_thread, carrier), 0);
	pthread_join(thread, NULL);
}

/* A thread of a thread, and a child of a child of that. */
static inline void *in_thread_of_thread(void *carrier)
{
	carrier_of_thread(carrier);
	return NULL;
}

static inline void carrier_of_grandchild(struct carrier *carrier)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, in_thread_of_thread, carrier), 0);
	pthread_join(thread, NULL);
}

static inline void carrier_of_shell(struct carrier *carrier)
{
	FILE *stream = popen("env; true", "r");
	size_t length = fread(carrier->text, 1, sizeof(carrier->text) - 1, stream);

	carrier->text[length] = '\0';
	assert_int_equal(pclose(stream), 0);
	keep_carrier(carrier);
}

static void (*const starters[])(struct carrier *) = { carrier_of_exec, carrier_of_spawn,
						      carrier_of_thread, carrier_of_grandchild,
						      carrier_of_shell };

#define STARTERS (sizeof(starters) / sizeof(*starters))

static inline void starts_have(size_t starter, const char *part, bool wanted)
{
	static struct carrier carrier;

	starters[starter](&carrier);
	if ((strstr(carrier.text, part) != NULL) != wanted)
		fail_msg("starter %zu: \"%s\" is %s in \"%.200s\"", starter, part,
			 wanted ? "not" : "still", carrier.text);
}

static inline flyte_token enter_custom(void)
{
	return enter("kind", "custom");
}

static inline flyte_token enter_group(void)
{
	return flyte_group_enter("the-group");
}

static inline flyte_token enter_raw_data(void)
{
	const struct flyte_raw_data_path raw_data = { "raw-path", { "old", "new" } };

	return flyte_new_raw_data_path(&raw_data);
}

static inline flyte_token enter_metadata(void)
{
	const struct flyte_pair pair = { "meta", "data" };

	return flyte_new_metadata(&pair, 1);
}

static inline flyte_token enter_trace(void)
{
	const struct flyte_action_id action = { .name = "the-trace" };

	return flyte_trace_enter(&action);
}

static inline flyte_token enter_task(void)
{
	struct flyte_task_context task = { .size = sizeof(task), .action.name = "the-task" };

	return flyte_replace_task_context(&task);
}

static const struct kind {
	flyte_token (*enter)(void);
	const char *carried; /* what only its carrier has */
} kinds[] = {
	{ enter_custom, ".kv-kind~-custom." }, { enter_group, ".g-the-group." },
	{ enter_raw_data, ".xr-raw-path." },   { enter_metadata, ".md-meta~-data." },
	{ enter_trace, ".an-the-trace." },     { enter_task, ".an-the-task." },
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

#endif
