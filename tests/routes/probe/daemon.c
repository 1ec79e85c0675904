/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/prctl.h>

#include "probe.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	/* So that we can wait for the daemon. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid_t pid = fork();

	if (pid == 0) {
		if (daemon(1, 1))
			_exit(1);
		probe_report();
		_exit(0);
	}
	while (waitpid(-1, NULL, 0) > 0)
		;
	return 0;
}
