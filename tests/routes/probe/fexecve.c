/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>

#include "probe.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	fexecve(open(probe_reporter, O_RDONLY), probe_argv, probe_envp);
	return probe_failed();
}
