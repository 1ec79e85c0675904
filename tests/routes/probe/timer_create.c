/* SPDX-License-Identifier: Apache-2.0 */
#include <time.h>

#include "notified.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	struct itimerspec soon = { .it_value.tv_nsec = 1000000 };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD };
	timer_t timer;

	event.sigev_notify_function = notified;
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) || timer_settime(timer, 0, &soon, NULL))
		return 1;
	return sem_wait(&done);
}
