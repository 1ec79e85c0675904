/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A child that is forked while a job loads, and many while another thread asks for the path: what
 * their calls say, and that the parent's workspace is not kept locked by a child.
 */
#include "flyte_ctx.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile bool ends;

static void *ask(void *argument)
{
	while (!ends)
		flyte_checkpoint_path();
	return argument;
}

static int status_of(pid_t child)
{
	int status = -1;

	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int many_forks(void)
{
	pthread_t thread;
	int worst = 0;

	pthread_create(&thread, NULL, ask, NULL);
	for (int i = 0; i < 300; i++) {
		pid_t child = fork();
		int status;

		if (!child) {
			alarm(20);
			/* ENOSYS: forked while the other thread was loading the library. */
			_exit(flyte_checkpoint_path() || errno == ENOSYS ? 0 : 1);
		}
		status = status_of(child);
		worst = status > worst ? status : worst;
	}
	ends = true;
	pthread_join(thread, NULL);
	return worst;
}

int main(void)
{
	char path[4096];
	struct flyte_checkpoint_job *job;
	int worst = many_forks(), result;
	pid_t child;

	job = flyte_checkpoint_load_async();
	usleep(50000);
	child = fork();
	if (!child) {
		alarm(60);
		_exit(flyte_checkpoint_load(path, sizeof(path)) == 1 ? 0 : 1);
	}
	result = flyte_checkpoint_job_finish(job, path, sizeof(path));
	printf("path %d, parent %d, child %d\n", worst, result, status_of(child));
	return 0;
}
