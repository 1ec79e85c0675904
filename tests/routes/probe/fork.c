/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	pid_t pid = fork();

	if (pid == 0) {
		probe_report();
		_exit(0);
	}
	return probe_wait(pid);
}
