/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack_stream - the archive of a directory as a stream that a store reads: it is packed by a thread
 * of its own, a pipe's length ahead. Nothing is written to a disk on the way.
 */
#ifndef FLYTECTX_PACK_STREAM_H
#define FLYTECTX_PACK_STREAM_H

#include "storage/storage.h"

#include <pthread.h>

struct pack_stream {
	const char *directory; /* borrowed */
	pthread_t thread;
	int reading, writing; /* the pipe */
	bool joined, packed;
	struct error error; /* the thread's, where it has not packed all */
};

bool pack_stream_open(struct pack_stream *stream, const char *directory, struct error *error);

/* As the `read` of a storage_source. The end comes only behind an archive that is whole. */
int64_t pack_stream_read(void *stream, void *data, size_t size, struct error *error);

/* Stops the thread where it still runs. */
void pack_stream_close(struct pack_stream *stream);

#endif
