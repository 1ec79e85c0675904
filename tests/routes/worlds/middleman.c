/* SPDX-License-Identifier: Apache-2.0 */
/*
 * middleman - `middleman passing|dropping|clearing COMMAND...` runs COMMAND with its environment,
 * without LD_PRELOAD, or with an empty one, and waits for it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int status;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: middleman passing|dropping|clearing COMMAND...\n");
		return 2;
	}
	if (!strcmp(argv[1], "dropping"))
		unsetenv("LD_PRELOAD");
	else if (!strcmp(argv[1], "clearing"))
		clearenv();
	pid = fork();
	if (pid == 0) {
		execv(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return 125;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
