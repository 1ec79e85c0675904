/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lock - says of a file or directory that a run uses it (SPEC 4.20): two runs never share one.
 *
 * It is a flock(2), so it goes with the last process that has the descriptor, however that ends.
 */
#ifndef FLYTECTX_LOCK_H
#define FLYTECTX_LOCK_H

#include <stdbool.h>
#include <sys/types.h>

enum lock_result {
	LOCK_TAKEN,
	LOCK_IN_USE, /* by the process in `owner`; 0: it can't be told by which */
	LOCK_NONE,   /* this file system has no locks */
};

/* Of an open file or directory. Never waits. */
enum lock_result lock_take(int fd, bool is_shared, pid_t *owner);

/*
 * Opens the lock file `name` in the open directory, made where it is missing, and takes its lock.
 * -1 where that is not LOCK_TAKEN, with errno where it can't be made. It is removed by whoever has
 * it.
 */
int lock_file_open(int directory, const char *name, bool is_shared, enum lock_result *result,
		   pid_t *owner);

#endif
