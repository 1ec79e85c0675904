/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "probe.h"

static void *routine(void *unused)
{
	execve(probe_reporter, probe_argv, probe_envp);
	return unused;
}

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	pthread_t thread;

	if (pthread_create(&thread, NULL, routine, NULL))
		return 1;
	pthread_join(thread, NULL);
	return 1; /* the exec ended every thread */
}
