/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory - DIR of --checkpoint-dir: a run has it to itself, and restores it (SPEC 4.20, 5.10).
 *
 * A restore replaces what is in DIR. It may do so where that came from flytectx: the run made DIR,
 * or found it empty, or has restored it. A file in the workspace root says so of each DIR, and when
 * its last run has ended: what has changed since is the user's.
 */
#ifndef FLYTECTX_DIRECTORY_H
#define FLYTECTX_DIRECTORY_H

#include <stdbool.h>

struct directory {
	const char *given; /* as on the command line */
	const char *path;  /* absolute, without links */
	int fd;            /* has the lock */
	bool may_replace;  /* all that is in it came from flytectx */
	long long known;   /* else what has not changed since, in nanoseconds since the epoch */
	char *mark;        /* the file that says so */
};

/* Makes it where it is missing, and takes its lock. A failure, in use for one, ends flytectx. */
void directory_open(struct directory *directory, const char *given, bool may_replace);

/*
 * Restores it from `url`, NULL: there is nothing to restore; and copies what it was to `own`. A
 * failure ends flytectx, and a signal that asks it to end.
 */
void directory_restore(struct directory *directory, const char *url, const char *own);

/* The run is over. */
void directory_close(struct directory *directory);

#endif
