/* SPDX-License-Identifier: Apache-2.0 */
#include <pty.h>

#include "probe.h"

int main(int argc, char **argv)
{
	probe_begin(argc, argv);
	int terminal;
	pid_t pid = forkpty(&terminal, NULL, NULL, NULL);
	char line[256];
	ssize_t length;

	if (pid == 0) {
		probe_report();
		_exit(0);
	}
	if (pid < 0)
		return 1;
	length = read(terminal, line, sizeof(line) - 1);
	for (ssize_t i = 0; i < length; i++)
		if (line[i] != '\r')
			putchar(line[i]);
	return probe_wait(pid);
}
