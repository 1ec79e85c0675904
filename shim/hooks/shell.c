/* SPDX-License-Identifier: Apache-2.0 */
/* See shell.h. */
#include <errno.h>
#include <fcntl.h>

#include "child_env.h"
#include "program.h"
#include "real.h"
#include "hooks/shell.h"
#include "sys.h"

const struct program shell_program = { AT_FDCWD, "/bin/sh", .search = false };

/* glibc 2.38 began to guard against commands that start with '-'; argv is to be libc's own. */
static bool libc_passes_dashes(void)
{
	return real_glibc_version() >= 238;
}

int shell_spawn(pid_t *pid, const char *command, const void *actions, const void *attributes)
{
	const char *plain[] = { "sh", "-c", command, NULL };
	const char *guarded[] = { "sh", "-c", "--", command, NULL };
	const char **argv = libc_passes_dashes() ? guarded : plain;
	struct child_env env;
	int error;

	child_env_begin_own(&env, &shell_program);
	do
		error = REAL(posix_spawn)(pid, "/bin/sh", actions, attributes,
					  (char *const *)(void *)argv, env.envp);
	while (child_env_again(&env, error));
	child_env_end(&env);
	return error;
}

int shell_wait(pid_t pid, int *status)
{
	long result;

	do
		result = sys_call(SYS_wait4, pid, (long)status, 0, 0, 0, 0);
	while (result == -EINTR);
	if (result >= 0)
		return 0;
	real_set_errno((int)-result);
	return -1;
}
