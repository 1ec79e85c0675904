/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress - how far a transfer is, on a terminal: one line on stderr with the bytes, the rate and
 * the time that remains, gone when it is done. Where stderr is no terminal it says nothing.
 */
#ifndef FLYTECTX_PROGRESS_H
#define FLYTECTX_PROGRESS_H

#include "checkpoint/exports.h"

/* A transfer from or to `url` that shows its progress as "VERB DONE of TOTAL ...". */
struct flytectx_transfer progress_begin(const char *verb, const char *url);

/* Takes the line away. */
void progress_end(void);

#endif
