/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shim_again - a test starts itself once more, in a role that main() knows: what a new process
 * has can be asked there by the API and not only read in its environment.
 */
#ifndef FLYTECTX_SHIM_AGAIN_H
#define FLYTECTX_SHIM_AGAIN_H

#include <dlfcn.h>

#include "shim_test.h"

typedef int again_execve(const char *, char *const *, char *const *);

/* libc's own execve: the shim would bring the context of this process back. */
static inline again_execve *libc_execve(void)
{
	void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);

	assert_non_null(libc);
	return (again_execve *)(uintptr_t)dlsym(libc, "execve");
}

/* Our environment with this carrier ("FLYTE_CTX=...") and no other; NULL: outside a task. */
static inline char **environment_with(char *carrier)
{
	static char *envp[1000];
	size_t count = 0;

	if (carrier)
		envp[count++] = carrier;
	for (char **entry = environ; *entry && count < 990; entry++)
		if (strncmp(*entry, "FLYTE_CTX=", 10) != 0)
			envp[count++] = *entry;
	envp[count] = NULL;
	return envp;
}

/* Runs this test with `carrier` as its context; its exit status. */
static inline int again_in(char *carrier, const char *role)
{
	char *argv[] = { "again", (char *)(uintptr_t)role, NULL };
	char **envp = environment_with(carrier);
	again_execve *function = libc_execve();
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		function("/proc/self/exe", argv, envp);
		_exit(127);
	}
	return wait_for(pid);
}

/* Runs this test by the hooked exec, and reads what it says. */
static inline void again_says(const char *role, char *text, size_t size)
{
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], 1);
		close(fds[0]);
		close(fds[1]);
		execl("/proc/self/exe", "again", role, (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	read_all(fds[0], text, size);
	assert_int_equal(wait_for(pid), 0);
}

#endif
