/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unpack - a tree out of an archive, into a directory that is empty and ours (SPEC 4.10). Refused
 * with an error: names with `..`, absolute names, symbolic and hard links that lead out of the
 * tree, members that go through a symbolic link, devices, setuid and setgid files. What it leaves
 * on an error is for the caller to remove.
 *
 * Modes and times are those of the archive; everything belongs to the caller.
 */
#ifndef FLYTECTX_UNPACK_H
#define FLYTECTX_UNPACK_H

#include "checkpoint/archive/gzip_reader.h"

/* `total` is the size of the object, for the progress. `name` is what error texts begin with. */
bool unpack(struct gzip_reader *input, const char *name, int root, uint64_t total,
	    const struct storage_progress *progress, struct error *error);

#endif
