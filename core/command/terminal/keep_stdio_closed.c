/* SPDX-License-Identifier: Apache-2.0 */
/* See keep_stdio_closed.h. */
#include "command/terminal/keep_stdio_closed.h"

#include <fcntl.h>
#include <unistd.h>

void keep_stdio_closed(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			/* The least number that is free, so this one. */
			open("/", O_PATH | O_CLOEXEC);
}
