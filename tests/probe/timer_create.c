/* SPDX-License-Identifier: Apache-2.0 */
#include <semaphore.h>
#include <signal.h>
#include <time.h>

#include "probe.h"

static sem_t done;

static void notified(union sigval unused)
{
	(void)unused;
	probe_report();
	sem_post(&done);
}

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
