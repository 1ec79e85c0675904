/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spawn - posix_spawn and its kin (SPEC 3.1). libc's own spawn does not pass through our exec
 * hooks; attributes and file actions are the caller's, unread.
 */
#include <fcntl.h>

#include "child_env.h"
#include "program.h"
#include "real.h"

static void begin(struct child_env *env, char *const envp[], char *const argv[],
		  const struct program *program)
{
	if (program->actions)
		child_env_begin_once(env, envp, argv, program);
	else
		child_env_begin(env, envp, program);
}

int posix_spawn(pid_t *pid, const char *path, const void *actions, const void *attributes,
		char *const argv[], char *const envp[])
{
	struct program program = { AT_FDCWD, path, false, .actions = actions };
	struct child_env env;
	int error;

	begin(&env, envp, argv, &program);
	do
		error = REAL(posix_spawn)(pid, path, actions, attributes, argv, env.envp);
	while (child_env_again(&env, error));
	child_env_end(&env);
	return error;
}

int posix_spawnp(pid_t *pid, const char *file, const void *actions, const void *attributes,
		 char *const argv[], char *const envp[])
{
	struct program program = { AT_FDCWD, file, true, .actions = actions };
	struct child_env env;
	int error;

	begin(&env, envp, argv, &program);
	do
		error = REAL(posix_spawnp)(pid, file, actions, attributes, argv, env.envp);
	while (child_env_again(&env, error));
	child_env_end(&env);
	return error;
}

int pidfd_spawn(int *pidfd, const char *path, const void *actions, const void *attributes,
		char *const argv[], char *const envp[])
{
	struct program program = { AT_FDCWD, path, false, .actions = actions };
	struct child_env env;
	int error;

	begin(&env, envp, argv, &program);
	do
		error = REAL(pidfd_spawn)(pidfd, path, actions, attributes, argv, env.envp);
	while (child_env_again(&env, error));
	child_env_end(&env);
	return error;
}

int pidfd_spawnp(int *pidfd, const char *file, const void *actions, const void *attributes,
		 char *const argv[], char *const envp[])
{
	struct program program = { AT_FDCWD, file, true, .actions = actions };
	struct child_env env;
	int error;

	begin(&env, envp, argv, &program);
	do
		error = REAL(pidfd_spawnp)(pidfd, file, actions, attributes, argv, env.envp);
	while (child_env_again(&env, error));
	child_env_end(&env);
	return error;
}
