/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>

#include "probe.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	return fexecve(open(probe_reporter, O_RDONLY | O_CLOEXEC), probe_argv, probe_envp);
}
