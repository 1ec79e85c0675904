/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>

#include "probe.h"

static void *routine(void *unused)
{
	probe_report();
	return unused;
}

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	pthread_t thread;

	if (pthread_create(&thread, NULL, routine, NULL))
		return 1;
	return pthread_join(thread, NULL);
}
