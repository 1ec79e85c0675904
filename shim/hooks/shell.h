/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shell - what system() and popen() have in common where they can't use libc's own: those take
 * environ as it is, and it must not be swapped under other threads (12 of 14 runs crashed).
 */
#ifndef FLYTECTX_SHELL_H
#define FLYTECTX_SHELL_H

#include <stddef.h>
#include <sys/types.h>

#include "program.h"

/* Room for posix_spawnattr_t and posix_spawn_file_actions_t of both libcs (336 and 80 bytes). */
typedef long long shell_opaque[64];

/* What system() and popen() run. */
extern const struct program shell_program;

/* Starts `sh -c command` with the context of this thread. Returns 0 or an error number. */
int shell_spawn(pid_t *pid, const char *command, const void *actions, const void *attributes);

/* waitpid() that no signal and no cancellation ends. Returns -1 with errno where it fails. */
int shell_wait(pid_t pid, int *status);

#endif
