/* SPDX-License-Identifier: Apache-2.0 */
/* See workspace_use.h. */
#include "command/run/workspace_use.h"
#include "command/terminal/memory.h"
#include "local/lock.h"
#include "local/tree_remove.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The last run of an action holds the lock alone while it removes the place. */
#define TRIES           1000
#define TRY_NANOSECONDS 10000000

static struct {
	int fd;
	char *place, *name;
} used = { -1, NULL, NULL };

static int open_shared(const char *name)
{
	const struct timespec pause = { 0, TRY_NANOSECONDS };
	enum lock_result result = LOCK_IN_USE;
	pid_t owner;
	int fd = -1;

	for (int i = 0; fd < 0 && result == LOCK_IN_USE && i < TRIES; i++) {
		if (i > 0)
			nanosleep(&pause, NULL);
		fd = lock_file_open(AT_FDCWD, name, true, &result, &owner);
	}
	return fd;
}

static bool is_made(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && status.st_size > 0;
}

void workspace_use_begin(const char *place)
{
	workspace_use_end();
	used.place = memory_text("%s", place);
	used.name = memory_text("%s.use", place);
	used.fd = open_shared(used.name);
	/* Where that fails the place stays: it is not known to be a run's. */
	if (used.fd >= 0 && access(place, F_OK) < 0 && pwrite(used.fd, "m", 1, 0) != 1)
		ftruncate(used.fd, 0);
}

void workspace_use_end(void)
{
	pid_t owner;

	if (used.fd < 0)
		return;
	if (lock_take(used.fd, false, &owner) == LOCK_TAKEN) {
		if (is_made(used.fd))
			tree_remove(AT_FDCWD, used.place);
		unlink(used.name);
	}
	/* A child that was forked meanwhile shares the open file, and would keep its lock. */
	flock(used.fd, LOCK_UN);
	close(used.fd);
	free(used.place);
	free(used.name);
	used.fd = -1;
}
