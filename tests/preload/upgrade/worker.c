/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker - a process that goes on while its preload is replaced: threads that enter scopes, start
 * threads, fork, and start children all the time, in an environment that was emptied.
 *
 *	worker LOG      until SIGTERM; each child adds a line to LOG. Exit 1: a context was lost
 *	worker          a child: prints what it has, "a0 inner 4711", where 4711 is the inode of the
 *	                libflytectx.so that is mapped, or "- - none"
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flyte_ctx.h"

#define THREADS 3

static atomic_bool stop, lost;
static char program[4096], errors[4200], *empty[1];
static posix_spawn_file_actions_t outputs;

static void terminate(int number)
{
	(void)number;
	stop = true;
}

static void print_mapped(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[4500];
	unsigned long inode = 0;

	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "/libflytectx.so"))
			sscanf(line, "%*s %*s %*s %*s %lu", &inode);
	if (inode)
		printf("%lu\n", inode);
	else
		puts("none");
}

static const char *or_none(const char *text)
{
	return text ? text : "-";
}

static int report(void)
{
	const struct flyte_task_context *context = flyte_ctx_get();

	printf("%s %s ", or_none(context ? context->action.name : NULL),
	       or_none(flyte_custom_context_get("scope")));
	print_mapped();
	return 0;
}

/* The preload that this process was started with works on, whatever became of its file. */
static void expect_scope(void)
{
	const struct flyte_task_context *context = flyte_ctx_get();

	if (!context || strcmp(context->action.name, "a0") != 0 ||
	    strcmp(or_none(flyte_custom_context_get("scope")), "inner") != 0)
		lost = true;
}

static void *thread_in_scope(void *unused)
{
	expect_scope();
	return unused;
}

static void fork_in_scope(void)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		expect_scope();
		_exit(lost);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		lost = true;
}

static void spawn_in_scope(void)
{
	char *argv[] = { program, NULL };
	int status = 0;
	pid_t pid;

	if (posix_spawn(&pid, program, &outputs, NULL, argv, empty) ||
	    waitpid(pid, &status, 0) != pid || status)
		lost = true;
}

static void *work(void *unused)
{
	while (!stop)
		FLYTE_CUSTOM_CONTEXT ("scope", "inner") {
			pthread_t thread;

			if (pthread_create(&thread, NULL, thread_in_scope, NULL))
				lost = true;
			else
				pthread_join(thread, NULL);
			fork_in_scope();
			spawn_in_scope();
		}
	return unused;
}

int main(int argc, char *argv[])
{
	pthread_t threads[THREADS];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (argc != 2)
		return report();
	if (length < 0)
		return 2;
	snprintf(errors, sizeof(errors), "%s.err", argv[1]);
	posix_spawn_file_actions_init(&outputs);
	posix_spawn_file_actions_addopen(&outputs, 1, argv[1], O_WRONLY | O_APPEND | O_CREAT, 0600);
	posix_spawn_file_actions_addopen(&outputs, 2, errors, O_WRONLY | O_APPEND | O_CREAT, 0600);
	signal(SIGTERM, terminate);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return lost;
}
