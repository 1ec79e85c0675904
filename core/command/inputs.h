/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inputs - the custom context of the inputs.pb that --inputs names (SPEC 5, run).
 */
#ifndef FLYTECTX_INPUTS_H
#define FLYTECTX_INPUTS_H

#include "context.h"

/*
 * Reads a local file, given as a path or as file://; one that can't be read whole ends flytectx.
 * Of a remote one nothing is read, with a warning: `pairs` is then empty.
 */
void inputs_read(const char *path, struct context_pairs *pairs);

#endif
