/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure - how errors leave the library: errno, and the whole text for who asks.
 */
#ifndef FLYTECTX_FAILURE_H
#define FLYTECTX_FAILURE_H

#include "storage/storage.h"

/* Keeps the error for this thread, sets errno, returns -1. */
int failure_note(const struct error *error);

/* -1, with the error: the caller has no place for a path, though it says how long that is. */
int checkpoint_nowhere(struct error *error);

#endif
