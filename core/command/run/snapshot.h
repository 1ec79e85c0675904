/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snapshot - saves the directory of a tool that may be writing in it (SPEC 4.17).
 *
 * A snapshot is DIR as it stood at one moment: all processes below flytectx are stopped, what has
 * changed is copied, and they go on; packing and saving take their time after that. At that moment
 * no process is in the middle of a file (quiet.h). Where there is no such moment in time, or CMD
 * has ended, nothing is saved, and a line says why.
 *
 * A child takes the snapshot and saves it. flytectx waits for nothing but signals: it hears each at
 * once.
 */
#ifndef FLYTECTX_SNAPSHOT_H
#define FLYTECTX_SNAPSHOT_H

#include "command/run/guard.h"

#include <stdbool.h>
#include <sys/types.h>

/* SIGTERM reaches CMD within 0.2 seconds. */
#define TERM_SECONDS 0.15

enum snapshot_kind {
	SNAPSHOT_EVERY,   /* CMD runs */
	SNAPSHOT_AT_TERM, /* CMD is asked to end as soon as this is over, or late */
	SNAPSHOT_FINAL,   /* CMD has ended; what it has left in the background is stopped */
};

/* In this order. */
enum snapshot_phase { SNAPSHOT_COPYING, SNAPSHOT_THAWED, SNAPSHOT_SAVING };

/* How the child ends. */
enum snapshot_end {
	SNAPSHOT_SAVED,
	SNAPSHOT_FAILED,    /* a line has said why */
	SNAPSHOT_UNCHANGED, /* it is what was saved last */
	SNAPSHOT_BUSY, /* at SIGTERM: a process is in the middle of a file, `busy` says of which */
	SNAPSHOT_LATE, /* at SIGTERM: there is not enough time */
};

struct snapshot {
	const char *directory; /* absolute, without links */
	const char *url;       /* where it is saved */
	const char *scratch;   /* a directory for the copy */
	double every;          /* seconds between two; 0: none */
	struct guarded *guarded;
	pid_t guard, worker; /* 0: there is none */
	const pid_t *keeper; /* see error_output.h: never stopped; NULL: there is none */
	pid_t carrier;       /* see carry.h; 0 without one */
	int life;            /* what the guard listens to */
	enum snapshot_kind kind;
	bool is_not_loaded; /* a line is to say so if there is a checkpoint at the first save */
	bool saved;         /* in this attempt */
	int end;            /* enum snapshot_end, of the last one; -1: it died */
	bool has_digest;
	uint64_t digest; /* of what was saved last */
};

/* Before CMD of an attempt is started, and when all is over. Failures end flytectx. */
void snapshot_open(struct snapshot *snapshot);
void snapshot_close(struct snapshot *snapshot);

/* Takes away the copy. */
void snapshot_forget(struct snapshot *snapshot);

/* Begins one; false where it can't, a line says why. None must be under way. */
bool snapshot_begin(struct snapshot *snapshot, enum snapshot_kind kind);

/* Are processes stopped, or soon to be? */
bool snapshot_stops(const struct snapshot *snapshot);

/* To be called some times a second while one is under way: a stop that lasts too long ends. */
void snapshot_check(struct snapshot *snapshot);

/* A child of flytectx has ended: true where it was one of ours. */
bool snapshot_reaped(struct snapshot *snapshot, pid_t pid, int status);

/* What is under way gives up, at once where `hard`. */
void snapshot_cancel(struct snapshot *snapshot, bool hard);

/* The processes that are not CMD's. */
struct helpers;
struct helpers snapshot_helpers(const struct snapshot *snapshot);

/* The child. */
__attribute__((noreturn)) void snapshot_work(const struct snapshot *snapshot);

#endif
