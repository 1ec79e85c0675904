/* SPDX-License-Identifier: Apache-2.0 */
#include <netdb.h>

#ifdef __GLIBC__
#include "notified.h"
#else
#include "probe.h"
#endif

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
#ifdef __GLIBC__
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST };
	struct gaicb request = { .ar_name = "127.0.0.1", .ar_request = &hints };
	struct gaicb *requests[] = { &request };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD };

	event.sigev_notify_function = notified;
	if (getaddrinfo_a(GAI_NOWAIT, requests, 1, &event))
		return 1;
	return sem_wait(&done);
#else
	return probe_skip("this libc has no getaddrinfo_a");
#endif
}
