/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	pid_t pid = vfork();

	if (pid == 0) {
		execve(probe_reporter, probe_argv, probe_envp);
		_exit(1);
	}
	return probe_wait(pid);
}
