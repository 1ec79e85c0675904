/* SPDX-License-Identifier: Apache-2.0 */
/*
 * left_over - the processes that CMD has left behind when it ended (SPEC 4.18).
 */
#ifndef FLYTECTX_LEFT_OVER_H
#define FLYTECTX_LEFT_OVER_H

#include "command/run/below.h"

/*
 * Ends them, and returns when they are gone: SIGTERM to each, and SIGKILL where that does not help
 * within seconds, or a signal asks flytectx to end meanwhile. A flytectx among them is asked to
 * end, and ends what is below it: it has the time that its last save takes. True: such a signal
 * came.
 */
bool left_over_end(const struct helpers *helpers);

#endif
