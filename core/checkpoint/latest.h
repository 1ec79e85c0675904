/* SPDX-License-Identifier: Apache-2.0 */
/*
 * latest - the newest checkpoint file in a tree (SPEC 4.2), as the SDK's latest_checkpoint() finds
 * it.
 */
#ifndef FLYTECTX_LATEST_H
#define FLYTECTX_LATEST_H

#include "storage/storage.h"

#define LATEST_GLOB "**/last.ckpt" /* what training frameworks write */

/*
 * Of what matches `glob` below the directory `root` the one with the latest modification time; of
 * several the first by name. `**` at the beginning stands for any number of directories. 1 and its
 * path, 0: nothing matches, -1 with the error.
 */
int latest(const char *root, const char *glob, char *path, size_t size, struct error *error);

#endif
