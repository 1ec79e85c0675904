/* SPDX-License-Identifier: Apache-2.0 */
#include <poll.h>

#include "probe.h"
#include "probe_libc.h"

/* Not in every libc yet. */
int pidfd_spawnp(int *fd, const char *path, const void *actions, const void *attributes,
		 char *const argv[], char *const envp[]) __attribute__((weak));

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	struct pollfd end = { .events = POLLIN };

	if (!probe_libc_has("pidfd_spawnp"))
		return probe_skip("this libc has no pidfd_spawnp");
	if (pidfd_spawnp(&end.fd, probe_reporter, NULL, NULL, probe_argv, probe_envp))
		return 1;
	return poll(&end, 1, 100000) == 1 ? 0 : 1;
}
