/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cancelled_save FILE URL - saves FILE from a thread that is cancelled in the middle. Prints how
 * many threads and open files there are more than before.
 */
#define _GNU_SOURCE
#include "checkpoint/exports.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>

static int count_threads(void)
{
	DIR *stream = opendir("/proc/self/task");
	/* "." and "..", too. */
	int number = -2;

	while (readdir(stream))
		number++;
	closedir(stream);
	return number;
}

static int cancel(void *argument, uint64_t done, uint64_t total)
{
	(void)argument;
	(void)total;
	if (done >= 16 * 1024 * 1024)
		pthread_cancel(pthread_self());
	return 1;
}

static void *save(void *argument)
{
	char **words = argument;
	const struct flytectx_transfer transfer = { .size = sizeof(transfer),
						    .url = words[2],
						    .report = cancel };

	flytectx_transfer_save(&transfer, words[1], -1);
	/* At the latest. */
	pthread_testcancel();
	return NULL;
}

int main(int argc, char *argv[])
{
	pthread_t thread;
	void *end;

	if (argc != 3 || pthread_create(&thread, NULL, save, argv) || pthread_join(thread, &end))
		return 1;
	printf("%s, %d threads\n", end == PTHREAD_CANCELED ? "cancelled" : "ended",
	       count_threads() - 1);
	return 0;
}
