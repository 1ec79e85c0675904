/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver.h - what the hooks, the children and the states of the driver share.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

extern char **environ;

/* The driver itself and the library that it loads; the arguments of the report. */
extern const char *self, *plugin;
extern char *report_argv[], *search_argv[];

/* What was started says this. */
extern char started[256];

/* The name of the calling thread's scope, in brackets: <->, <root>, <inner>. */
const char *scope(void);
/* With one write(2): no lock of stdio's, nothing that is left in a buffer of a child. */
void say(const char *text);
/* Leaves the first line from `fd` in `started`, and closes it. */
void hear(int fd);
void end_line(const char *name, long result, int error);
/* Once the call is made: arguments are evaluated in any order. */
void end_call(const char *name, long result);
/* Where the hook comes next, and nothing else of libc before it. */
void come_to_hook(void);

/* Calls the hook that the command line names, in the child that it names. */
void call(void);
/* The hook itself, in this process. */
void call_here(void);

/* What a hook fits, and what can be called in a state. */
enum {
	STARTS = 1, /* takes the place of the process */
	CALLS = 2,
	THREADS = 4, /* starts a thread */
	FORKS = 8,   /* runs the handlers of forks */
	ANY = STARTS | CALLS | THREADS | FORKS,
	SHARES = 16, /* besides: fits 4 KiB of stack, and a child in the memory of its parent */
};

struct hook {
	const char *name;
	void (*call)(void);
	int kind;
	bool (*is_missing)(void); /* in this libc; NULL: never */
};

enum {
	ALONE = 1,   /* in no child */
	NO_FORK = 2, /* fork comes back to it */
	LATE = 4, /* what ends with a thread may be gone: the scope is the caller's or the root */
	LONG = 8, /* takes longer with the preload, for what it does there */
};

struct state {
	const char *name;
	void (*enter)(void);
	int kinds; /* of hooks that can be called there */
	int flags;
	bool (*is_missing)(void);
};

struct child {
	const char *name;
	void (*call)(void);
	int kinds;
	bool (*is_missing)(void);
};

/* Each ends with a NULL name. */
extern const struct hook starting_hooks[], process_hooks[], thread_hooks[];
extern const struct state library_states[], process_states[], thread_states[], step_states[];
extern const struct child children[];

/* What the plugin calls, by name. */
extern void (*states_constructor)(void), (*states_destructor)(void), (*states_resolver)(void);

#endif
