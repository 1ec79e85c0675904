/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gzip_reader_state - a gzip_reader that is under way: what gzip_reader.c and gzip_reader_members.c
 * share.
 */
#ifndef FLYTECTX_GZIP_READER_STATE_H
#define FLYTECTX_GZIP_READER_STATE_H

#include "checkpoint/archive/gzip_member.h"
#include "checkpoint/archive/gzip_reader.h"
#include "checkpoint/archive/lanes.h"

#define GZIP_INPUT_SIZE ((size_t)256 * 1024)

struct gzip_reader {
	struct inflate_state state;
	int fd;
	const char *name; /* borrowed */
	uint64_t size;
	uint64_t position; /* of the input behind the buffer */
	enum gzip_origin origin;
	bool has_tail;
	bool in_member;
	struct archive_mark_tail tail;
	uint64_t checksum;                /* of what was read, up to the tail */
	struct lanes *lanes;              /* from our first member on */
	const struct gzip_member *member; /* whose data is handed out */
	size_t handed;
	unsigned char input[GZIP_INPUT_SIZE];
};

/* False, with the error. */
bool gzip_reader_corrupt(const struct gzip_reader *reader, struct error *error, const char *why);

/* The next bytes of the object, which are there, added to its checksum. */
bool gzip_reader_raw(struct gzip_reader *reader, unsigned char *data, size_t size,
		     struct error *error);

/* Puts more input behind what is left of it. */
bool gzip_reader_refill(struct gzip_reader *reader, struct error *error);

/* Fills `data` from members of ours, as far as they go; -1 with the error. */
int64_t gzip_members_get(struct gzip_reader *reader, unsigned char *data, size_t size,
			 struct error *error);

#endif
