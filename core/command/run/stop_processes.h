/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stop_processes - stops all processes below this one for a moment, so that what they write stands
 * still, and lets them go on.
 *
 * By SIGSTOP and SIGCONT: a pod has no freezer of cgroups, and ptrace is often forbidden. Who was
 * stopped before stays so.
 */
#ifndef FLYTECTX_STOP_PROCESSES_H
#define FLYTECTX_STOP_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct frozen {
	pid_t *pids;
	size_t count;
};

/* False: something would not stop within some seconds; then all go on again. */
bool freeze(struct frozen *frozen);
void thaw(struct frozen *frozen);

/*
 * The path of a file below `directory` (absolute, without links) that one of them has open for
 * writing and has written to within the last second; NULL: none. Files opened to append don't
 * count: they are whole after each write. Static memory.
 */
const char *frozen_writes(const struct frozen *frozen, const char *directory);

#endif
