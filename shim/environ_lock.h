/* SPDX-License-Identifier: Apache-2.0 */
/*
 * environ_lock - keeps those who read the program's environ here and the setenv family apart, which
 * may move it meanwhile (2 of 14 runs crashed without). Many may read at once; a fork counts as
 * reading, so that no child has an environ that another thread was about to move.
 *
 * An uncontended setenv makes no system call: programs under strict seccomp may do that.
 */
#ifndef FLYTECTX_ENVIRON_LOCK_H
#define FLYTECTX_ENVIRON_LOCK_H

#include <stdbool.h>

/*
 * False: this thread is changing it (a signal handler in the middle of that), or somebody who is
 * gone was. Then it is not to be read. Waits for those who are changing it. Async-signal-safe.
 */
bool environ_read_begin(void);
void environ_read_end(void);

/*
 * Around a fork, as reading. What the forking thread itself changes meanwhile is let through, and
 * other threads' where the fork has been asleep for a while. In the child, instead of the end, the
 * last.
 */
bool environ_fork_begin(void);
void environ_fork_end(void);
void environ_fork_child(void);

/* For those who change it: the hooks of the setenv family (hooks/environ.c). */

/* Before a second thread is made: until then nobody but a signal handler comes in between. */
void environ_has_threads(void);

/* False: not obtained, change it all the same, as without us. */
bool environ_change_begin(void);
void environ_change_end(void);

#endif
