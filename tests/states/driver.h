/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver.h - what the hooks and the states of the driver share.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include <semaphore.h>
#include <stddef.h>

extern char **environ;

/* The driver itself and the library that it loads; the arguments of the report. */
extern const char *self, *plugin;
extern char *report_argv[], *search_argv[];

/* What was started says this, and this was posted once it has. */
extern char started[256];
extern sem_t heard;

/* The name of the calling thread's scope. */
const char *scope(void);
/* With one write(2): no lock of stdio's, nothing that is left in a buffer of a child. */
void say(const char *text);
/* Leaves the first line from `fd` in `started`, and closes it. */
void hear(int fd);
void end_line(const char *name, long result, int error);
/* Once the call is made: arguments are evaluated in any order. */
void end_call(const char *name, long result);
/* Calls the hook that the command line names. */
void call(void);

enum { STARTS = 1, CALLS = 2 };

struct hook {
	const char *name;
	void (*call)(void);
	int kind; /* STARTS: it takes the place of the process */
};

struct state {
	const char *name;
	void (*enter)(void);
	int kinds; /* of hooks that can be called there */
};

/* Each ends with a NULL name. */
extern const struct hook starting_hooks[], process_hooks[], thread_hooks[];
extern const struct state library_states[], process_states[];

/* What the plugin calls, by name. */
extern void (*states_constructor)(void), (*states_destructor)(void), (*states_resolver)(void);
void *load(void);

#endif
