/* SPDX-License-Identifier: Apache-2.0 */
/* remote_reading - a read under way: what remote_read.c and remote_range.c share. */
#ifndef FLYTECTX_STORAGE_REMOTE_READING_H
#define FLYTECTX_STORAGE_REMOTE_READING_H

#include "storage/remote/remote.h"

struct reading {
	struct remote *remote;
	const struct storage_sink *sink;
	const char *etag;
	uint64_t from,
		to;     /* of the object: to is behind the last byte; known after the first range */
	uint64_t total; /* how long it is, from then on */
	uint64_t chunk;
	size_t concurrency;
	/* Range number i is in slots[i % concurrency]. */
	struct http_request slots[64];
	bool arrived[64];
	uint64_t next, started, delivered; /* numbers of ranges */
	uint64_t done;                     /* bytes of ranges that have arrived */
	struct error *error;
};

/* Of the object: where the range with that number begins, and how long it is. */
uint64_t remote_range_start(const struct reading *reading, uint64_t number);
uint64_t remote_range_length(const struct reading *reading, uint64_t number);

/* What the answer to the first range says of the object. A 200 is the whole of it. */
bool remote_range_learn(struct reading *reading, struct http_request *first);

/* Is the answer exactly what was asked for, of the object that was asked for? */
bool remote_range_check(struct reading *reading, const struct http_request *request,
			uint64_t number);

#endif
