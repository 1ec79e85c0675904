/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack_stream - the archive of a directory as a stream that a store reads: it is packed by a thread
 * of its own, some members ahead. Nothing is written to a disk on the way.
 *
 * What goes from one thread to the other is in memory. A pipe would be open in each child that the
 * program forks meanwhile, so that its end came when the last of them had ended.
 */
#ifndef FLYTECTX_PACK_STREAM_H
#define FLYTECTX_PACK_STREAM_H

#include "storage/storage.h"

#include <pthread.h>

struct pack_stream {
	const char *directory; /* borrowed */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	const char *piece; /* the packer's, who waits until it has been read */
	size_t left;       /* of the piece */
	bool closed;       /* nothing more is read */
	bool ended, packed;
	struct error error; /* the thread's, where it has not packed all */
};

bool pack_stream_open(struct pack_stream *stream, const char *directory, struct error *error);

/* As the `read` of a storage_source. The end comes only behind an archive that is whole. */
int64_t pack_stream_read(void *stream, void *data, size_t size, struct error *error);

/* Stops the thread where it still runs. */
void pack_stream_close(struct pack_stream *stream);

#endif
