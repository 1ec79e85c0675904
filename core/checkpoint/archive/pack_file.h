/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack_file - the content of one file of a pack.
 */
#ifndef FLYTECTX_PACK_FILE_H
#define FLYTECTX_PACK_FILE_H

#include "checkpoint/archive/pack_state.h"

/* Header and data of the file `name` in the open directory `parent`. */
bool pack_file(struct pack *pack, int parent, const char *name);

#endif
