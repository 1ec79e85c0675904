/* SPDX-License-Identifier: Apache-2.0 */
/* kinds - the ways of starting work that the soak mixes, and how often it takes each. */
#ifndef FLYTECTX_SOAK_KINDS_H
#define FLYTECTX_SOAK_KINDS_H

#include <errno.h>
#include <pthread.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

#include "expected.h"

extern char **environ;

struct start {
	const char *reporter, *name;
	unsigned number; /* what has several forms takes one by it */
};

/* More variables than fit the preload's room on the stack: it uses the thread's buffer. */
#define MANY 400

static char *many[MANY + 1];
static char *none[] = { NULL };

static inline void kinds_prepare(void)
{
	static char texts[MANY][16];

	for (int i = 0; i < MANY; i++) {
		snprintf(texts[i], sizeof(texts[i]), "MANY_%d=x", i);
		many[i] = texts[i];
	}
}

static char **environment(const struct start *start)
{
	char **const all[] = { environ, none, environ, many };

	return all[start->number % 4];
}

static enum seen status_seen(int status)
{
	if (!WIFEXITED(status) || WEXITSTATUS(status) >= SEEN_COUNT)
		return FAILED;
	return (enum seen)WEXITSTATUS(status);
}

static enum seen wait_for(pid_t pid)
{
	int status;

	if (pid < 0)
		return FAILED;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return FAILED;
	return status_seen(status);
}

/* In the child of fork or vfork. */
static void replace(const struct start *start, char *const argv[])
{
	switch (start->number % 3) {
	case 0:
		execve(start->reporter, argv, environment(start));
		break;
	case 1:
		execv(start->reporter, argv);
		break;
	case 2:
		execle(start->reporter, argv[0], argv[1], argv[2], NULL, environment(start));
		break;
	}
	_exit(FAILED);
}

static enum seen by_vfork(const struct start *start)
{
	char *const argv[] = { (char *)start->reporter, (char *)start->name, NULL };
	pid_t pid = vfork();

	if (pid == 0)
		replace(start, argv);
	return wait_for(pid);
}

static enum seen by_exec_twice(const struct start *start)
{
	char *const argv[] = { (char *)start->reporter, "again", (char *)start->name, NULL };
	pid_t pid = vfork();

	if (pid == 0)
		replace(start, argv);
	return wait_for(pid);
}

static enum seen by_spawn(const struct start *start)
{
	char *const argv[] = { (char *)start->reporter, (char *)start->name, NULL };
	pid_t pid;
	int error;

	if (start->number % 2)
		error = posix_spawn(&pid, argv[0], NULL, NULL, argv, environment(start));
	else
		error = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environment(start));
	return error ? FAILED : wait_for(pid);
}

static enum seen by_fork(const struct start *start)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit((int)expected_is_here(start->name));
	return wait_for(pid);
}

static enum seen by_fork_and_exec(const struct start *start)
{
	char *const argv[] = { (char *)start->reporter, (char *)start->name, NULL };
	pid_t pid = fork();

	if (pid == 0)
		replace(start, argv);
	return wait_for(pid);
}

/* Longer than any path that the soak is built at. */
#define COMMAND_MAX 4096

static void shell_command(const struct start *start, char *command)
{
	snprintf(command, COMMAND_MAX, "exec '%s' %s", start->reporter, start->name);
}

static enum seen by_system(const struct start *start)
{
	char command[COMMAND_MAX];

	shell_command(start, command);
	return status_seen(system(command));
}

static enum seen by_popen(const struct start *start)
{
	char command[COMMAND_MAX];
	FILE *stream;

	shell_command(start, command);
	stream = popen(command, start->number % 2 ? "r" : "w");
	return stream ? status_seen(pclose(stream)) : FAILED;
}

static void *in_thread(void *start)
{
	return (void *)(intptr_t)expected_is_here(((const struct start *)start)->name);
}

/* What a thread starts has the context that it was started with. */
static void *vfork_in_thread(void *start)
{
	return (void *)(intptr_t)by_vfork(start);
}

static enum seen join(const struct start *start, void *(*routine)(void *))
{
	pthread_t thread;
	void *seen;

	if (pthread_create(&thread, NULL, routine, (void *)start) || pthread_join(thread, &seen))
		return FAILED;
	return (enum seen)(intptr_t)seen;
}

static enum seen by_pthread(const struct start *start)
{
	return join(start, in_thread);
}

static enum seen by_pthread_and_vfork(const struct start *start)
{
	return join(start, vfork_in_thread);
}

static int in_c11_thread(void *start)
{
	return (int)expected_is_here(((const struct start *)start)->name);
}

static enum seen by_c11_thread(const struct start *start)
{
	thrd_t thread;
	int seen;

	if (thrd_create(&thread, in_c11_thread, (void *)start) != thrd_success ||
	    thrd_join(thread, &seen) != thrd_success)
		return FAILED;
	return (enum seen)seen;
}

/* Of SHARES turns; `starts` is how many each of them makes. */
#define SHARES 64

static const struct kind {
	const char *name;
	enum seen (*start)(const struct start *);
	int shares, starts;
} kinds[] = {
	{ "vfork", by_vfork, 20, 1 },           { "posix_spawn", by_spawn, 18, 1 },
	{ "pthread_create", by_pthread, 8, 1 }, { "fork", by_fork, 6, 1 },
	{ "thrd_create", by_c11_thread, 4, 1 }, { "fork and exec", by_fork_and_exec, 2, 1 },
	{ "exec twice", by_exec_twice, 2, 2 },  { "thread and vfork", by_pthread_and_vfork, 2, 2 },
	{ "system", by_system, 1, 1 },          { "popen", by_popen, 1, 1 },
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

#endif
