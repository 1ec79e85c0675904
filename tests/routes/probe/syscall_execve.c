/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/syscall.h>

#include "probe.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	return (int)syscall(SYS_execve, probe_reporter, probe_argv, probe_envp);
}
