/* SPDX-License-Identifier: Apache-2.0 */
/* NULL, and addresses that can't be read, where a path, arguments, an environment should be. */
#include "hostile.h"

/* What the kernel says of a failed start; 0 where it succeeded. */
static int error_of_execve(const char *path, char *const argv[], char *const envp[])
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execve(path, argv, envp);
		_exit(errno);
	}
	status = ended(pid);
	return status == NO_ARGUMENTS ? 0 : status;
}

static int error_of_spawn(const char *path, char *const argv[], char *const envp[])
{
	pid_t pid;
	int error = posix_spawn(&pid, path, NULL, NULL, argv, envp);

	if (error)
		return error;
	return ended(pid) == NO_ARGUMENTS ? 0 : 512;
}

static void addresses(char *volatile nowhere)
{
	char *argv[] = { hostile_self, (char *)(uintptr_t) "no-arguments", NULL };
	char *const *list = (char *const *)(void *)nowhere;

	expect(error_of_execve(nowhere, argv, environ) == EFAULT);
	expect(error_of_execve(hostile_self, list, environ) == EFAULT);
	expect(error_of_execve(hostile_self, argv, list) == EFAULT);
	expect(error_of_spawn(nowhere, argv, environ) == EFAULT);
	expect(error_of_spawn(hostile_self, argv, list) == EFAULT);
}

int main(int argc, char **argv)
{
	char *const none[] = { NULL };
	char *volatile null = NULL;
	flyte_token token;

	hostile_begin(argc, argv);
	token = enter("scope", "inner");
	expect(error_of_execve(hostile_self, NULL, environ) == 0);
	expect(error_of_execve(hostile_self, none, environ) == 0);
	expect(error_of_execve(hostile_self, NULL, NULL) == 0);
	expect(error_of_execve(null, none, environ) == EFAULT);
	expect(error_of_execve("", none, environ) == ENOENT);
	expect(by_execve(looking_for("inner"), NULL) == 0);
	expect(by_execvpe(looking_for("inner"), NULL) == 0);
	expect(by_syscall(looking_for("inner"), NULL) == 0);
	expect(by_posix_spawn(looking_for("inner"), NULL) == 0);
	addresses((char *)8);
	addresses((char *)-1);
	flyte_context_exit(token);
	return hostile_end();
}
