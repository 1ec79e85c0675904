/* SPDX-License-Identifier: Apache-2.0 */
/* notified - for probes of calls that notify by a function on a thread of libc's own
 * (SIGEV_THREAD). */
#ifndef FLYTECTX_NOTIFIED_H
#define FLYTECTX_NOTIFIED_H

#include <semaphore.h>
#include <signal.h>

#include "probe.h"

static sem_t done;

static void notified(union sigval unused)
{
	(void)unused;
	probe_report();
	sem_post(&done);
}

#endif
