/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ps_options - the command line of `flytectx ps` and `tree`, which are two ways to show the same
 * (SPEC 5.14).
 */
#ifndef FLYTECTX_PS_OPTIONS_H
#define FLYTECTX_PS_OPTIONS_H

#include "command/look/seen_process.h"

struct ps_options {
	bool json, all_threads, wide;
	bool all; /* also processes without a context */
	pid_t *pids;
	size_t pid_count;
};

/* Wrong usage and --help end flytectx. `most`: so many PIDs at most. */
void ps_options_read(int argc, char *argv[], const char *help, size_t most,
		     struct ps_options *options);

/* Has it, or one of its threads, a context? */
bool seen_process_counts(const struct seen_process *process);

/* The columns of the terminal on stdout; 0 where stdout is no terminal: no line is cut. */
size_t ps_width(const struct ps_options *options);

/* A line of text that was written in memory, cut to `width` columns (0: not), and a newline. */
void ps_print_cut(const char *line, size_t width);

/* ps --json and tree --json */
void ps_json(const struct seen_process *const *processes, size_t count);

#endif
