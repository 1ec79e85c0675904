/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <sys/syscall.h>

#include "probe.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	syscall(SYS_execveat, AT_FDCWD, probe_reporter, probe_argv, probe_envp, 0);
	return probe_failed();
}
