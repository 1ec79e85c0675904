/* SPDX-License-Identifier: Apache-2.0 */
/*
 * threads - two threads in different scopes at the same time, each of which starts children in
 * every way that there is, with and without an environment. None may see the other's scope.
 *
 *	threads LOG WHERE COUNT
 *
 * COUNT children a thread, started as fast as it goes and only then waited for; WHERE is the
 * program they run. The threads and the process report as well: 2 * COUNT + 3 reports.
 */
#include <errno.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flyte_ctx.h"
#include "report.h"

#define THREADS 2

static const char *log_file, *where;
static int count;
static pthread_barrier_t barrier;

/* A thread and its scope; what its children are to say about themselves. */
struct scoped {
	const char *increment;
	char *expected;
	const char *own_label;
	char *label;
	char starter[16];
	int failures;
};

static pid_t start_by_fork(char *const argv[], char *const envp[])
{
	pid_t pid = fork();

	if (pid == 0) {
		execve(where, argv, envp);
		_exit(127);
	}
	return pid;
}

static pid_t start_by_vfork(char *const argv[])
{
	pid_t pid = vfork();

	if (pid == 0) {
		execv(where, argv);
		_exit(127);
	}
	return pid;
}

static pid_t start_by_spawn(char *const argv[], char *const envp[])
{
	pid_t pid;
	int error = posix_spawn(&pid, where, NULL, NULL, argv, envp);

	return error ? -1 : pid;
}

static void shell_command(const struct scoped *scoped, char command[1024])
{
	snprintf(command, 1024, "'%s' '%s' '%s' '%s' %s", where, log_file, scoped->label,
		 scoped->expected, scoped->starter);
}

/* Returns the child, or 0 if it has ended already, or -1. */
static pid_t start_child(struct scoped *scoped, int number)
{
	char *argv[] = { (char *)"where",  (char *)log_file, scoped->label,
			 scoped->expected, scoped->starter,  NULL };
	char *nothing[] = { NULL };
	char command[1024];
	FILE *stream;

	shell_command(scoped, command);
	switch (number % 10) {
	case 0:
		return system(command) ? -1 : 0;
	case 1:
		stream = popen(command, "r");
		return stream && !pclose(stream) ? 0 : -1;
	case 2:
	case 3:
		return start_by_fork(argv, environ);
	case 4:
	case 5:
		return start_by_fork(argv, nothing);
	case 6:
		return start_by_vfork(argv);
	case 7:
		return start_by_spawn(argv, environ);
	default:
		return start_by_spawn(argv, nothing);
	}
}

static void *run(void *argument)
{
	struct scoped *scoped = argument;
	struct flyte_pair pair = { "increment", scoped->increment };
	pid_t *children = calloc((size_t)count, sizeof(*children));
	flyte_token token;

	snprintf(scoped->starter, sizeof(scoped->starter), "%ld", (long)syscall(SYS_gettid));
	pthread_barrier_wait(&barrier);
	token = flyte_custom_context_enter(&pair, 1);
	scoped->failures += report(log_file, scoped->own_label, scoped->expected, 0) != 0;
	for (int i = 0; i < count; i++)
		scoped->failures += (children[i] = start_child(scoped, i)) < 0;
	for (int i = 0; i < count; i++) {
		int status;

		if (children[i] > 0 && (waitpid(children[i], &status, 0) < 0 || status))
			scoped->failures++;
	}
	scoped->failures += flyte_context_exit(token) != 0;
	free(children);
	pthread_barrier_wait(&barrier);
	return NULL;
}

int main(int argc, char *argv[])
{
	struct scoped scoped[THREADS] = {
		{ "A", (char *)"increment=A", "in scope A", (char *)"child of A", "", 0 },
		{ "B", (char *)"increment=B", "in scope B", (char *)"child of B", "", 0 },
	};
	pthread_t threads[THREADS];
	int failures = 0;

	if (argc != 4)
		return 2;
	log_file = argv[1];
	where = argv[2];
	count = atoi(argv[3]);
	pthread_barrier_init(&barrier, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, run, &scoped[i]))
			return 1;
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		failures += scoped[i].failures;
	}
	failures += report(log_file, "after both scopes", NULL, 0) != 0;
	if (failures)
		fprintf(stderr, "threads: %d failures\n", failures);
	return failures != 0;
}
