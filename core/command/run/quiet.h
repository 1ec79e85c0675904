/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quiet - is one of the processes in the middle of a file (SPEC 4.17)?
 *
 * A file that is open for writing is, unless it looks at two looks as it did at the first: the same
 * size, modification and change time. Clocks don't matter, a file server has one of its own. A file
 * opened to append is whole after each write. A store through a shared map shows in none of these
 * numbers: a file that is mapped so counts as written to.
 */
#ifndef FLYTECTX_QUIET_H
#define FLYTECTX_QUIET_H

#include "command/run/below.h"

#include <sys/stat.h>

struct look {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec mtime, ctime;
	double since; /* when it was first seen like that; CLOCK_MONOTONIC, seconds */
};

struct looks {
	struct look *items; /* free(3) */
	size_t count, room;
};

/*
 * Looks at what the processes have open below `directory` (absolute, without links), and keeps it
 * for the next look. The path of a file that has not looked like that for `settled` seconds, in
 * static memory; NULL: there is none. A file that is seen for the first time counts as written to;
 * with `recent` one too that was written to within the last second by our clock, if clocks agree.
 */
const char *quiet_look(struct looks *looks, const struct processes *all, const char *directory,
		       double settled, bool recent);

#endif
