/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

/* In both libcs, declared only under names that differ. */
pid_t _Fork(void);

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	pid_t pid = _Fork();

	if (pid == 0) {
		probe_report();
		_exit(0);
	}
	return probe_wait(pid);
}
