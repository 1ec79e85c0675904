/* SPDX-License-Identifier: Apache-2.0 */
/*
 * save - a checkpoint into its object (SPEC 4.1): bytes and files as they are, a directory as an
 * archive. Old or new, whole, is the store's business.
 */
#ifndef FLYTECTX_SAVE_H
#define FLYTECTX_SAVE_H

#include "storage/storage.h"

bool save_bytes(struct storage *object, const void *data, size_t size, struct error *error);

/* A file, or a directory. */
bool save_path(struct storage *object, const char *path, struct error *error);

/* All that can be read from `fd`, of any kind; as bytes. */
bool save_stream(struct storage *object, int fd, struct error *error);

/* A regular file that is open, from its beginning, as an object of that kind. */
bool save_file(struct storage *object, int fd, enum storage_kind kind, struct error *error);

#endif
