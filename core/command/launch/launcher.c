/* SPDX-License-Identifier: Apache-2.0 */
/* See launcher.h. */
#include "command/launch/launcher.h"
#include "command/program/exec_search.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"
#include "command/run/run_exec.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Open MPI 4 calls itself after the name that it was started by. */
static const struct launcher launchers[] = {
	{ " ssh ", NULL, launch_ssh },
	{ " srun ", NULL, launch_srun },
	{ " sbatch ", NULL, launch_sbatch },
	{ " salloc ", NULL, launch_salloc },
	{ " parallel ", "GNU parallel", launch_parallel },
	{ " mpirun mpiexec orterun oshrun shmemrun ", "open-mpi.org", launch_open_mpi },
	{ " mpirun mpiexec ", "HYDRA", launch_mpich },
};

/* "mpirun" of "/usr/bin/mpirun.openmpi", as Debian names them side by side. */
static const char *plain_name(const char *program)
{
	const char *slash = strrchr(program, '/'), *name = slash ? slash + 1 : program;

	return memory_text(" %.*s ", (int)strcspn(name, "."), name);
}

static pid_t start_asking(const char *program, int to)
{
	char *words[] = { memory_text("%s", program), memory_text("--version"), NULL };
	posix_spawn_file_actions_t actions;
	pid_t child;
	int error = posix_spawn_file_actions_init(&actions);

	if (!error)
		error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, to, 1);
	if (!error)
		error = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	if (!error)
		error = posix_spawnp(&child, program, &actions, NULL, words, environ);
	if (error)
		run_exec_failed(program, error);
	return child;
}

/* What `program --version` prints. */
static const char *ask_version(const char *program)
{
	size_t length;
	char *text;
	pid_t child;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		message_fail(program, "can't be asked for its version: %s", strerror(errno));
	child = start_asking(program, ends[1]);
	close(ends[1]);
	text = memory_read(ends[0], &length);
	close(ends[0]);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return text ? text : "";
}

const struct launcher *launcher_find(const char *program)
{
	const char *name = plain_name(program), *version = NULL;
	bool is_named = false;

	if (!exec_search(program))
		run_exec_failed(program, errno);
	for (size_t i = 0; i < sizeof(launchers) / sizeof(*launchers); i++) {
		const struct launcher *launcher = &launchers[i];

		if (!strstr(launcher->names, name))
			continue;
		is_named = true;
		if (launcher->version && !version)
			version = ask_version(program);
		if (!launcher->version || strstr(version, launcher->version))
			return launcher;
	}
	if (is_named)
		message_usage(program, "its --version is of no launcher that flytectx knows");
	message_usage(program, "flytectx knows no such launcher (see flytectx launch --help)");
}
