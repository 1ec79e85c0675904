/* SPDX-License-Identifier: Apache-2.0 */
/*
 * middleman - runs a command and waits for it. Linked static, so that nothing can be preloaded
 * into it: the context has to pass through its environment.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	int status = 0;
	pid_t pid = argc > 1 ? fork() : -1;

	if (pid == 0) {
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		perror("middleman");
		return 125;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
