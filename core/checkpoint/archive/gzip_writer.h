/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gzip_writer - the gzip stream around our archives, with the marks of archive_mark.h, by isa-l.
 * The same bytes for the same content: no time, no name.
 */
#ifndef FLYTECTX_GZIP_WRITER_H
#define FLYTECTX_GZIP_WRITER_H

#include "storage/storage.h"

struct gzip_writer;

/* `write` gets what comes out. NULL: no memory. */
struct gzip_writer *gzip_writer_new(bool (*write)(void *argument, const void *data, size_t size,
						  struct error *error),
				    void *argument);

bool gzip_writer_put(struct gzip_writer *writer, const void *data, size_t size,
		     struct error *error);

/* The end of the stream. */
bool gzip_writer_end(struct gzip_writer *writer, struct error *error);

void gzip_writer_free(struct gzip_writer *writer);

#endif
