/* SPDX-License-Identifier: Apache-2.0 */
/* A save of the directory argv[1], with a child that is forked meanwhile and outlives it. */
#include "flyte_ctx.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct flyte_checkpoint_job *job = flyte_checkpoint_save_path_async(argv[argc - 1]);
	int result, status;
	pid_t child;

	if (!job)
		return puts(flyte_checkpoint_error()), 1;
	child = fork();
	if (!child) {
		pause();
		_exit(0);
	}
	result = flyte_checkpoint_job_finish(job, NULL, 0);
	printf("save %d, child %s\n", result, waitpid(child, &status, WNOHANG) ? "gone" : "alive");
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return result != 0;
}
