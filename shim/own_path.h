/* SPDX-License-Identifier: Apache-2.0 */
/* own_path - where this preload is, as the LD_PRELOAD of a child is to name it. */
#ifndef FLYTECTX_OWN_PATH_H
#define FLYTECTX_OWN_PATH_H

#include "machine.h"

/*
 * Our path; NULL where it is unknown or no LD_PRELOAD could name it. The process keeps it. Found at
 * the first call, which is before the first second thread: a child forked beside one that holds the
 * lock of the loader's list could not look. Async-signal-safe, no lock: losers of a race throw
 * theirs away.
 */
const char *library_path(void);

/*
 * The one that programs of that machine can be preloaded with, ours or its like that is installed
 * with it; NULL where there is none.
 */
const char *library_for(enum machine machine);

#endif
