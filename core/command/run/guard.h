/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard - no process stays stopped (SPEC 4.17).
 *
 * A snapshot stops CMD and all below it by SIGSTOP, a pod has no freezer of cgroups, and ptrace is
 * often forbidden. Three processes know which they are, by memory that they share: the one that
 * takes the snapshot, flytectx, and the guard. Any of them that is left lets them go on: flytectx
 * where the one that takes the snapshot has died, the guard where flytectx has, and both where the
 * stop lasts too long: its maker may wait for a file system that a stopped process serves.
 *
 * The guard has a session and a name of its own: a signal for the group, or for all that is called
 * flytectx, misses it. While CMD lives it keeps the locks that flytectx took, if that is gone.
 */
#ifndef FLYTECTX_GUARD_H
#define FLYTECTX_GUARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define STOP_SECONDS 1.8   /* the longest stop; 2 s with what a busy machine adds */
#define STOPPED_MAX  65536 /* processes */

enum stop_state { STOP_NONE, STOP_ON, STOP_REVOKED };

struct stopped {
	pid_t pid;
	uint64_t start;
};

struct guarded {
	atomic_int state;        /* enum stop_state */
	atomic_int phase;        /* of the snapshot: enum snapshot_phase */
	_Atomic int64_t begun;   /* CLOCK_MONOTONIC, in nanoseconds */
	_Atomic int64_t revoke;  /* a time before which the stop has to end, the same clock; 0 */
	_Atomic uint64_t digest; /* of the tree as the last snapshot found it */
	atomic_int command, worker;
	atomic_int told_loaded; /* a line may have said that the checkpoint there is not loaded */
	atomic_int told_other;  /* a line has said that a directory is left out */
	atomic_int told_lost;   /* a line has said that lost+found is left out */
	int wake;               /* an eventfd, written to when a stop begins */
	char busy[4096];        /* the file that was being written at the last look */
	atomic_uint count;
	struct stopped items[STOPPED_MAX];
};

/* Memory that children share; NULL with errno. */
struct guarded *guarded_new(void);

/* Forks the guard; -1 with errno. The pipe in `*life` is closed when flytectx ends, or by it. */
pid_t guard_start(struct guarded *guarded, int *life);

/* --- the stop ----------------------------------------------------------------------------- */

void stop_begin(struct guarded *guarded);

/* Stops one process more; false: the stop has been revoked, or there are too many. */
bool stop_add(struct guarded *guarded, pid_t pid, uint64_t start);

/* Lets all go on. False: somebody else did so before, and what was seen meanwhile counts not. */
bool stop_end(struct guarded *guarded);

/* The same from outside. */
void stop_revoke(struct guarded *guarded);

/* When it has to be over by itself: CLOCK_MONOTONIC, seconds. */
double stop_deadline(const struct guarded *guarded);

double monotonic_now(void);

#endif
