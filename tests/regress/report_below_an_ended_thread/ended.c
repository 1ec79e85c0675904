/* SPDX-License-Identifier: Apache-2.0 */
/* Ends its first thread, then runs the command that it is given from another one. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Not what /proc shows of the thread, but that it shows nothing of it any more. */
static void wait_for_end(void)
{
	char path[64], line[256];
	int is_ended = 0;

	snprintf(path, sizeof(path), "/proc/self/task/%d/status", (int)getpid());
	while (!is_ended) {
		FILE *status = fopen(path, "r");

		while (status && fgets(line, sizeof(line), status))
			is_ended |= !strncmp(line, "State:\tZ", 8);
		if (status)
			fclose(status);
	}
}

static void *run(void *command)
{
	wait_for_end();
	exit(system(command) ? 1 : 0);
}

int main(int argc, char *argv[])
{
	pthread_t thread;

	(void)argc;
	if (pthread_create(&thread, NULL, run, argv[1]))
		return 2;
	pthread_exit(NULL);
}
