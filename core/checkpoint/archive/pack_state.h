/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack_state - a pack that is under way: its member, where the archive goes, and its error.
 */
#ifndef FLYTECTX_PACK_STATE_H
#define FLYTECTX_PACK_STATE_H

#include "checkpoint/archive/gzip_writer.h"
#include "checkpoint/archive/pack_links.h"
#include "checkpoint/archive/tar.h"

#define PACK_BUFFER ((size_t)256 * 1024)

struct pack {
	const char *directory; /* borrowed; error texts begin with it */
	char real_directory[PATH_MAX];
	int root; /* open */
	unsigned depth;
	struct gzip_writer *gzip;
	struct pack_links links;
	struct tar_entry entry; /* of the current member */
	struct error *error;
	char buffer[PACK_BUFFER];
};

/* Returns false with the error, which names the current member. */
bool pack_fail(struct pack *pack, int number, const char *why);

/* The header of the current member. */
bool pack_put_header(struct pack *pack);

#endif
