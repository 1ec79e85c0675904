/* SPDX-License-Identifier: Apache-2.0 */
/*
 * carried - what each traced thread hands on to what it starts: a table from its number to the
 * variables of its context (SPEC 5.15).
 */
#ifndef FLYTECTX_CARRIED_H
#define FLYTECTX_CARRIED_H

#include "context/env.h"

#include <sys/types.h>

/* The variables of a context. Shared by all that have the same. */
struct carried {
	unsigned references;
	char *carrier; /* "FLYTE_CTX=..."; NULL: outside a task */
	char *kept[ENV_KEPT];
};

/* A copy of the variables in an environment. `before` (may be NULL) gives those that are missing
 * there. */
struct carried *carried_new(char *const envp[], const struct carried *before);

struct carried *carried_retain(struct carried *carried);
void carried_release(struct carried *carried); /* also NULL */

/* A traced thread. */
struct carrier_thread {
	pid_t tid;
	struct carried *carried; /* NULL: not known yet */
	bool waits;      /* stopped since it began, until its parent's event says whose it is */
	pid_t waits_for; /* the parent that /proc said then */
	struct carrier_thread *next;
};

/* Finds a thread; makes it where `makes`. NULL: none, or no memory. */
struct carrier_thread *carried_find(pid_t tid, bool makes);

void carried_forget(pid_t tid);

/* Calls for each thread that waits for this parent. */
void carried_each_waiting(pid_t parent, void (*visit)(struct carrier_thread *thread));

#endif
