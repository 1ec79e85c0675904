/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack_file - the state of a pack that is under way, and the content of one file.
 */
#ifndef FLYTECTX_PACK_FILE_H
#define FLYTECTX_PACK_FILE_H

#include "checkpoint/archive/gzip_writer.h"
#include "checkpoint/archive/pack_links.h"
#include "checkpoint/archive/tar.h"

#define PACK_BUFFER ((size_t)256 * 1024)

struct pack {
	const char *directory; /* borrowed; error texts begin with it */
	char real_directory[PATH_MAX];
	struct gzip_writer *gzip;
	struct pack_links links;
	struct tar_entry entry; /* of the current member */
	struct error *error;
	char buffer[PACK_BUFFER];
};

/* Returns false with the error, which names the current member. */
bool pack_fail(struct pack *pack, int number, const char *why);

bool pack_put_header(struct pack *pack);

/* Header and data of the file `name` in the open directory `parent`. */
bool pack_file(struct pack *pack, int parent, const char *name);

#endif
