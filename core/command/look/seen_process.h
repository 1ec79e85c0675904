/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seen_process - a look at a process and its threads from outside: names, and the context of each
 * thread, live where that is permitted (SPEC 5.14).
 */
#ifndef FLYTECTX_SEEN_PROCESS_H
#define FLYTECTX_SEEN_PROCESS_H

#include "command/look/seen_context.h"

struct seen_thread {
	pid_t tid;
	const char *name;
	struct seen_context context;
};

struct seen_process {
	pid_t pid, parent;
	pid_t inner;         /* its number in its own PID namespace */
	const char *space;   /* that namespace, "pid:[4026532000]"; NULL: the one here */
	const char *name;    /* the kernel's, of its program */
	const char *command; /* with its arguments; the name where it shows none */
	struct seen_context context;
	struct seen_thread *threads; /* those that differ from it, or all but the first */
	size_t thread_count;
	size_t threads_all; /* how many there are */
};

struct seen_processes {
	struct seen_process *items; /* sorted by number */
	size_t count;
};

/* All processes that /proc shows, but not flytectx itself. `all_threads`: also those alike. */
struct seen_processes seen_processes_look(bool all_threads);

/* One of them; false: there is none. */
bool seen_process_look(pid_t pid, bool all_threads, struct seen_process *process);

#endif
