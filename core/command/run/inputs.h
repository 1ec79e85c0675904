/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inputs - the custom context of the inputs.pb that --inputs names (SPEC 5.8, 6.4): a local one,
 * given as a path or as file://, or an object of a store.
 */
#ifndef FLYTECTX_INPUTS_H
#define FLYTECTX_INPUTS_H

#include "context/context.h"

/*
 * The path of the message itself: PATH can also be the prefix that has it as inputs.pb, as
 * {{.inputPrefix}} is. A local one is that where it is a directory, one in a store where its name
 * does not end in ".pb": the backend has no other name for it.
 */
const char *inputs_path(const char *path);

/*
 * Waits for a store that is away, three minutes or FLYTECTX_INPUTS_WAIT, unless the inputs are
 * optional (SPEC 6.4). NULL, or why there is no context to be had, as "WHAT: WHY"; `pairs` is then
 * empty. Literals are passed over, so that their size does not matter.
 */
const char *inputs_read(const char *path, bool are_optional, struct context_pairs *pairs);

#endif
