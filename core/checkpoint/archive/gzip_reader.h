/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gzip_reader - the plain bytes of an object: of gzip streams what is in them, else the bytes as
 * they are. Strict: each member's CRC-32 and length, our marks, and nothing behind the last member,
 * all checked at the end at the latest. Who has not read up to the end has checked nothing.
 */
#ifndef FLYTECTX_GZIP_READER_H
#define FLYTECTX_GZIP_READER_H

#include "storage/storage.h"

enum gzip_origin {
	GZIP_NONE,    /* no gzip at all */
	GZIP_FOREIGN, /* somebody's */
	GZIP_SDK,     /* named as the SDK names its archives */
	GZIP_OURS,    /* with a mark of ours, at the beginning or at the end */
	GZIP_CUT,     /* ends in its header */
};

struct gzip_reader;

/* Of `fd`, a regular file of `size` bytes; borrowed. `name` is what error texts begin with. */
struct gzip_reader *gzip_reader_new(int fd, uint64_t size, const char *name, struct error *error);
enum gzip_origin gzip_reader_origin(const struct gzip_reader *reader);

/* Fills `data`, but for the end: how many bytes, or -1 with the error. */
int64_t gzip_reader_get(struct gzip_reader *reader, void *data, size_t size, struct error *error);

/* How many bytes of the object have been read, for those who watch. */
uint64_t gzip_reader_position(const struct gzip_reader *reader);

void gzip_reader_free(struct gzip_reader *reader);

#endif
