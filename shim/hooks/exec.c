/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec - every form of it (SPEC 3.1). Each has its own hook, since libc's inner calls bypass ours;
 * all are forwarded to the real execve or, where the PATH is searched, execvpe: only those take
 * an environment, and they bring libc's own rules for PATH and for scripts without #!.
 *
 * vfork is not hooked, since its child would return through our frame; its exec is, and runs in
 * the parent's memory: nothing here allocates or leaves a lock behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>

#include "child_env.h"
#include "program.h"
#include "real.h"

int execve(const char *path, char *const argv[], char *const envp[])
{
	struct program program = { AT_FDCWD, path, false };
	struct child_env env;
	int result;

	child_env_begin(&env, envp, &program);
	do
		result = REAL(execve)(path, argv, env.envp);
	while (child_env_again(&env, real_errno()));
	child_env_end(&env);
	return result;
}

int execv(const char *path, char *const argv[])
{
	struct program program = { AT_FDCWD, path, false };
	struct child_env env;
	int result;

	child_env_begin_own(&env, &program);
	do
		result = REAL(execve)(path, argv, env.envp);
	while (child_env_again(&env, real_errno()));
	child_env_end(&env);
	return result;
}

int execvpe(const char *file, char *const argv[], char *const envp[])
{
	struct program program = { AT_FDCWD, file, true };
	struct child_env env;
	int result;

	child_env_begin(&env, envp, &program);
	do
		result = REAL(execvpe)(file, argv, env.envp);
	while (child_env_again(&env, real_errno()));
	child_env_end(&env);
	return result;
}

int execvp(const char *file, char *const argv[])
{
	struct program program = { AT_FDCWD, file, true };
	struct child_env env;
	int result;

	child_env_begin_own(&env, &program);
	do
		result = REAL(execvpe)(file, argv, env.envp);
	while (child_env_again(&env, real_errno()));
	child_env_end(&env);
	return result;
}

int fexecve(int fd, char *const argv[], char *const envp[])
{
	struct program program = { fd, "", false };
	struct child_env env;
	int result;

	child_env_begin(&env, envp, &program);
	do
		result = REAL(fexecve)(fd, argv, env.envp);
	while (child_env_again(&env, real_errno()));
	child_env_end(&env);
	return result;
}

int execveat(int fd, const char *path, char *const argv[], char *const envp[], int flags)
{
	struct program program = { fd, path, false };
	struct child_env env;
	int result;

	child_env_begin(&env, envp, &program);
	do
		result = REAL(execveat)(fd, path, argv, env.envp, flags);
	while (child_env_again(&env, real_errno()));
	child_env_end(&env);
	return result;
}

/* The number of arguments up to their NULL; `list` starts behind `arg`. */
static size_t count_arguments(const char *arg, va_list list)
{
	size_t count = 0;

	while (arg) {
		count++;
		arg = va_arg(list, const char *);
	}
	return count;
}

/* Writes `arg`, those in `list` and the NULL. */
static void take_arguments(char **argv, const char *arg, va_list list)
{
	*argv = (char *)(unsigned long)arg; /* exec's own types: it does not write to them */
	while (*argv)
		*++argv = va_arg(list, char *);
}

/*
 * The arguments of execl and its kin as an array on the stack, as libc does it. A macro, since
 * the array has to be in the frame of the hook, and its length is known only there.
 */
#define ARGUMENTS(argv, arg, list)                                                                 \
	va_start(list, arg);                                                                       \
	char *argv[count_arguments(arg, list) + 1];                                                \
	va_end(list);                                                                              \
	va_start(list, arg);                                                                       \
	take_arguments(argv, arg, list)

int execl(const char *path, const char *arg, ...)
{
	va_list list;

	ARGUMENTS(argv, arg, list);
	va_end(list);
	return execv(path, argv);
}

int execlp(const char *file, const char *arg, ...)
{
	va_list list;

	ARGUMENTS(argv, arg, list);
	va_end(list);
	return execvp(file, argv);
}

int execle(const char *path, const char *arg, ...)
{
	va_list list;

	ARGUMENTS(argv, arg, list);
	char *const *envp = va_arg(list, char *const *);
	va_end(list);
	return execve(path, argv, envp);
}
