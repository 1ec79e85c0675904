/* SPDX-License-Identifier: Apache-2.0 */
#include <aio.h>
#include <fcntl.h>

#include "notified.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	static char byte;
	struct aiocb request = { .aio_buf = &byte, .aio_nbytes = 1, .aio_lio_opcode = LIO_READ };
	struct aiocb *requests[] = { &request };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD };

	request.aio_fildes = open("/dev/zero", O_RDONLY);
	request.aio_sigevent.sigev_notify = SIGEV_NONE;
	event.sigev_notify_function = notified;
	if (lio_listio(LIO_NOWAIT, requests, 1, &event))
		return 1;
	return sem_wait(&done);
}
