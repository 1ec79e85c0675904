/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <mqueue.h>

#include "notified.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	struct sigevent event = { .sigev_notify = SIGEV_THREAD };
	char name[64];
	mqd_t queue;

	snprintf(name, sizeof(name), "/flytectx-probe-%d", (int)getpid());
	queue = mq_open(name, O_CREAT | O_RDWR, 0600, NULL);
	if (queue == (mqd_t)-1)
		return probe_skip("this kernel has no message queues");
	mq_unlink(name);
	event.sigev_notify_function = notified;
	if (mq_notify(queue, &event) || mq_send(queue, "x", 1, 0))
		return probe_failed();
	return sem_wait(&done);
}
