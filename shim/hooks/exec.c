/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec - every form of it (SPEC 3.1). Each has its own hook, since libc's inner calls bypass ours.
 * Where the environment is right already the real function of the same name gets the caller's
 * arguments: another preload behind ours may hook that one alone. Else it is execve or, where the
 * PATH is searched, execvpe: only those take an environment, and they bring libc's own rules for
 * PATH and for scripts without #!.
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
	struct program program = { AT_FDCWD, path, false, .in_place = true };
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
	struct program program = { AT_FDCWD, path, false, .in_place = true };
	struct child_env env;
	int result;

	child_env_begin_own(&env, &program);
	do
		result = child_env_is_given(&env) ? REAL(execv)(path, argv)
						  : REAL(execve)(path, argv, env.envp);
	while (child_env_again(&env, real_errno()));
	child_env_end(&env);
	return result;
}

int execvpe(const char *file, char *const argv[], char *const envp[])
{
	struct program program = { AT_FDCWD, file, true, .in_place = true };
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
	struct program program = { AT_FDCWD, file, true, .in_place = true };
	struct child_env env;
	int result;

	child_env_begin_own(&env, &program);
	do
		result = child_env_is_given(&env) ? REAL(execvp)(file, argv)
						  : REAL(execvpe)(file, argv, env.envp);
	while (child_env_again(&env, real_errno()));
	child_env_end(&env);
	return result;
}

int fexecve(int fd, char *const argv[], char *const envp[])
{
	struct program program = { fd, "", false, .in_place = true };
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
	struct program program = { fd, path, false, .in_place = true };
	struct child_env env;
	int result;

	child_env_begin(&env, envp, &program);
	do
		result = REAL(execveat)(fd, path, argv, env.envp, flags);
	while (result && child_env_again(&env, real_errno()));
	child_env_end(&env);
	return result;
}

/* --- with the arguments one by one --- */

/* So many are handed on one by one; more than that as an array, which libc makes of them too. */
#define HANDED_ON 24

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

/*
 * Writes `arg`, those in `list` and the NULL. A va_list of a caller is an array on x86-64 alone:
 * given by value it would stay where it was on the other machines.
 */
static void take_arguments(char **argv, const char *arg, va_list *list)
{
	*argv = (char *)(unsigned long)arg; /* exec's own types: it does not write to them */
	while (*argv)
		*++argv = va_arg(*list, char *);
}

/*
 * The arguments of execl and its kin as an array on the stack, as libc does it, with room for what
 * is handed on one by one. A macro, since the array has to be in the frame of the hook, and its
 * length is known only there.
 */
#define ARGUMENTS(argv, count, arg, list)                                                          \
	va_start(list, arg);                                                                       \
	size_t count = count_arguments(arg, list);                                                 \
	char *argv[count + 2 > HANDED_ON ? count + 2 : HANDED_ON];                                 \
	va_end(list);                                                                              \
	va_start(list, arg);                                                                       \
	take_arguments(argv, arg, &list)

/* execl's type, and of the others of its kind. What is behind the end of the list is not read. */
static int hand_on(real_execl *function, const char *path, char *const a[HANDED_ON])
{
	return function(path, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10],
			a[11], a[12], a[13], a[14], a[15], a[16], a[17], a[18], a[19], a[20], a[21],
			a[22], a[23]);
}

int execl(const char *path, const char *arg, ...)
{
	struct program program = { AT_FDCWD, path, false, .in_place = true };
	struct child_env env;
	va_list list;
	int result;

	ARGUMENTS(argv, count, arg, list);
	va_end(list);
	if (count >= HANDED_ON)
		return execv(path, argv);
	child_env_begin_own(&env, &program);
	do
		result = child_env_is_given(&env) ? hand_on(REAL(execl), path, argv)
						  : REAL(execve)(path, argv, env.envp);
	while (child_env_again(&env, real_errno()));
	child_env_end(&env);
	return result;
}

int execlp(const char *file, const char *arg, ...)
{
	struct program program = { AT_FDCWD, file, true, .in_place = true };
	struct child_env env;
	va_list list;
	int result;

	ARGUMENTS(argv, count, arg, list);
	va_end(list);
	if (count >= HANDED_ON)
		return execvp(file, argv);
	child_env_begin_own(&env, &program);
	do
		result = child_env_is_given(&env) ? hand_on(REAL(execlp), file, argv)
						  : REAL(execvpe)(file, argv, env.envp);
	while (child_env_again(&env, real_errno()));
	child_env_end(&env);
	return result;
}

int execle(const char *path, const char *arg, ...)
{
	struct program program = { AT_FDCWD, path, false, .in_place = true };
	struct child_env env;
	va_list list;
	int result;

	ARGUMENTS(argv, count, arg, list);
	char *const *envp = va_arg(list, char *const *);
	va_end(list);
	if (count + 1 >= HANDED_ON)
		return execve(path, argv, envp);
	argv[count + 1] = (char *)(unsigned long)envp; /* handed on behind the NULL */
	child_env_begin(&env, envp, &program);
	do
		result = child_env_is_given(&env) ? hand_on(REAL(execle), path, argv)
						  : REAL(execve)(path, argv, env.envp);
	while (child_env_again(&env, real_errno()));
	child_env_end(&env);
	return result;
}
