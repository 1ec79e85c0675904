/* SPDX-License-Identifier: Apache-2.0 */
#include <threads.h>

#include "probe.h"

static int routine(void *unused)
{
	(void)unused;
	probe_report();
	return 0;
}

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	thrd_t thread;
	int result;

	if (thrd_create(&thread, routine, NULL) != thrd_success)
		return 1;
	thrd_join(thread, &result);
	return result;
}
