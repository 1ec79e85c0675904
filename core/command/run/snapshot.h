/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snapshot - saves the directory of a tool that may be writing in it (SPEC 5, --checkpoint-dir).
 *
 * What is saved is DIR as it stood at one moment: all processes below us are stopped, DIR is packed
 * into a file on this machine, and they go on; the saving itself takes its time in a process of
 * its own. It is a moment at which none of them is in the middle of a file: none has a file of
 * DIR open for writing that it has written to within the last second, but for those opened to
 * append. Where no such moment is found in time, or CMD has ended, nothing is saved, and the old
 * checkpoint stays: a tool that was killed has left its files as they were just then.
 */
#ifndef FLYTECTX_SNAPSHOT_H
#define FLYTECTX_SNAPSHOT_H

#include <stdbool.h>
#include <sys/types.h>

struct snapshot {
	const char *directory; /* absolute, without links */
	const char *url;       /* where it is saved */
	pid_t command;         /* who writes in it; a child of ours */
	pid_t saver;           /* 0: none is under way */
	bool saved;            /* has any been? */
};

/* Waits for the one before, then looks for a moment to begin another, up to `seconds` each. */
bool snapshot_begin(struct snapshot *snapshot, double seconds);

/* A process has ended: was it the saver? */
bool snapshot_reaped(struct snapshot *snapshot, pid_t pid, int status);

/* Waits for what is under way. */
void snapshot_wait(struct snapshot *snapshot);

/* Saves what nobody writes to any more. */
bool snapshot_final(struct snapshot *snapshot);

#endif
