/* SPDX-License-Identifier: Apache-2.0 */
#include <spawn.h>

#include "probe.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	pid_t pid;

	if (posix_spawn(&pid, probe_reporter, NULL, NULL, probe_argv, probe_envp))
		return 1;
	return probe_wait(pid);
}
