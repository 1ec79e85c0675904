/* SPDX-License-Identifier: Apache-2.0 */
/*
 * program - what a start is about to run, as far as it decides which library can go along: ld.so
 * complains on stderr of a preload of another ELF class or machine (SPEC 3.18).
 */
#ifndef FLYTECTX_PROGRAM_H
#define FLYTECTX_PROGRAM_H

#include <stdbool.h>

#include "machine.h"

/* As the caller of exec names it. */
struct program {
	int directory;       /* that `path` starts in, or AT_FDCWD */
	const char *path;    /* "": `directory` is the program itself; NULL: it is of our machine */
	bool search;         /* on PATH, where there is no slash in it */
	bool in_place;       /* it takes the place of this process (repairs.h) */
	const void *actions; /* of posix_spawn: they may lead into another directory; or NULL */
};

/*
 * The machine that it is for, through #!; what can't be read counts as ours. Where no other runs
 * here nothing is opened. Async-signal-safe; errno is left alone.
 */
enum machine program_machine(const struct program *program);

#endif
