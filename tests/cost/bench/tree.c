/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree DEPTH - a tree of processes: each starts two of itself by posix_spawn, one level less deep,
 * and waits for both. 2^DEPTH - 1 processes in all.
 */
#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "sample.h"

extern char **environ;

int main(int argc, char **argv)
{
	char depth[24];
	char *child[] = { argv[0], depth, NULL };
	size_t levels;
	int status;

	if (argc != 2)
		errx(2, "usage: tree DEPTH");
	levels = number_from(argv[1]);
	snprintf(depth, sizeof(depth), "%zu", levels - 1);
	for (int i = 0; i < 2 && levels > 1; i++) {
		errno = posix_spawn(&(pid_t) { 0 }, argv[0], NULL, NULL, child, environ);
		if (errno)
			err(1, "%s", argv[0]);
	}
	for (int i = 0; i < 2 && levels > 1; i++)
		if (wait(&status) < 0 || status)
			err(1, "a child");
	return 0;
}
