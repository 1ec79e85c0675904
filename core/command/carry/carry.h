/* SPDX-License-Identifier: Apache-2.0 */
/*
 * carry - `flytectx run --carry`: the context also through programs that the preload can't enter
 * (SPEC 5.15).
 *
 * A process of its own, the carrier, sees by ptrace events each fork and exec of CMD and of what is
 * below it, and puts the environment of a new program right on its new stack. It lets go of each
 * process that runs a program with the preload in it. Nothing is filtered and nothing is stopped
 * for long; where the carrier is killed, all go on as they would without it.
 *
 * The carrier has a session and a name of its own, and holds no file of CMD's.
 */
#ifndef FLYTECTX_CARRY_H
#define FLYTECTX_CARRY_H

#include <stdbool.h>
#include <sys/types.h>

enum carry_mode {
	CARRY_NOT,
	CARRY, /* lets go of what the preload is in */
	CARRY_ALL,
};

struct carry {
	pid_t pid; /* of the carrier; 0 without one */
	int socket;
};

/*
 * Starts the carrier. With `is_own` it is a child of this process and ends after all that it
 * traces. Without, it is not: this process becomes CMD, and CMD may wait for all of its children.
 * False with errno.
 */
bool carry_start(struct carry *carry, enum carry_mode mode, const char *library, bool is_own);

/*
 * From here on this process is carried; called before it becomes CMD, with CMD's environment.
 * Where it can't be traced a line says so. Closes the socket.
 */
void carry_join(const struct carry *carry, const char *command, char *const envp[]);

/* In the process that does not join. */
void carry_leave(const struct carry *carry);

#endif
