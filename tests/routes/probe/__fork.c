/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

/* glibc exports its inner name as well. */
pid_t __fork(void) __attribute__((weak));

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	if (!__fork)
		return probe_skip("this libc has no __fork");
	pid_t pid = __fork();

	if (pid == 0) {
		probe_report();
		_exit(0);
	}
	return probe_wait(pid);
}
