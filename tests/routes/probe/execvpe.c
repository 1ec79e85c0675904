/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	return execvpe(probe_reporter, probe_argv, probe_envp);
}
