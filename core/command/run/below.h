/* SPDX-License-Identifier: Apache-2.0 */
/*
 * below - the processes that are below flytectx: CMD, its children and theirs (SPEC 4.17).
 *
 * flytectx is their subreaper, so a process whose parent has ended is below it as well. Left out
 * are flytectx's own helpers.
 */
#ifndef FLYTECTX_BELOW_H
#define FLYTECTX_BELOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
	pid_t pid, parent;
	char state;     /* as in /proc/PID/stat */
	uint64_t start; /* when it was started; tells it from a later one of the same number */
	signed char is_below;      /* -1: not known yet */
	bool is_still, is_blocked; /* for stop_processes.c */
};

struct processes {
	struct process *items; /* sorted by number; free(3) */
	size_t count, room;
};

/* Processes whose trees don't count. */
struct helpers {
	pid_t root; /* the flytectx that supervises */
	pid_t pids[4];
};

/* A look around: all processes, those below marked. False: no memory. */
bool below_look(const struct helpers *helpers, struct processes *all);

struct process *below_find(const struct processes *all, pid_t pid);

/* The state of one process; '\0' where there is none of that number and start (0: any). */
char below_state(pid_t pid, uint64_t start);

/* 0: there is none. */
pid_t below_parent(pid_t pid);

/* Does /proc show this process under its own number? */
bool below_is_shown(void);

#endif
