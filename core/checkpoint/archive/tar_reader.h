/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tar_reader - the members of an archive, one after the other. Strict, where others guess: each
 * header's checksum and numbers, each extended record, the two blocks of zeros at the end and
 * nothing but zeros behind them.
 */
#ifndef FLYTECTX_TAR_READER_H
#define FLYTECTX_TAR_READER_H

#include "checkpoint/archive/gzip_reader.h"
#include "checkpoint/archive/tar.h"

struct tar_reader {
	struct gzip_reader *input; /* borrowed */
	const char *name;          /* what error texts begin with; borrowed */
	struct tar_entry entry;    /* the current member; its extents are the reader's */
	uint64_t stored;           /* bytes of data that are still to be read, without padding */
	size_t padding;
	const struct storage_progress *progress; /* NULL: nobody watches */
	uint64_t total;                          /* of the object, for that */
};

/* The next member, in `entry`. False: with `end` set there is none, else an error. */
bool tar_reader_next(struct tar_reader *reader, bool *end, struct error *error);

/* The data of the member, of a sparse one its extents in their order; 0 at its end, -1: error. */
int64_t tar_reader_data(struct tar_reader *reader, void *data, size_t size, struct error *error);

/* Frees what the reader points to, but not itself. */
void tar_reader_end(struct tar_reader *reader);

/* Is this the first block of a tar? One of zeros is not: it is a payload. */
bool tar_is_header(const unsigned char block[TAR_BLOCK]);

/* --- what tar_reader.c stands on: tar_input.c, tar_sparse.c, tar_records.c --------------- */

/* Exactly so many bytes of the archive. */
bool tar_reader_get(struct tar_reader *reader, void *data, size_t size, struct error *error);

/* Returns false with the error. */
bool tar_reader_corrupt(const struct tar_reader *reader, struct error *error, const char *why);

/* Tells who watches how far it is. False with the error: it is to stop. */
bool tar_reader_report(struct tar_reader *reader, struct error *error);

/* The same of GNU tar's older format, whose map begins in the header. */
bool tar_sparse_old(struct tar_reader *reader, const unsigned char header[TAR_BLOCK],
		    struct error *error);

/* Reads the map of a sparse file into the entry. */
bool tar_sparse_map(struct tar_reader *reader, struct error *error);

/* What extended headers said of the member that follows them. */
struct tar_records {
	bool has_path, has_link, has_size, has_mtime, has_real_size;
	char path[PATH_MAX], link[PATH_MAX];
	uint64_t size, real_size;
	int64_t mtime;
	uint32_t mtime_ns;
	unsigned sparse_major, sparse_minor;
	bool is_other_sparse; /* of a kind that is not read here */
	bool has_sparse_name;
	uint64_t offset;       /* of the next extent, in format 0.0 */
	struct tar_sparse map; /* of formats 0.0 and 0.1; tar_records_end() frees it */
};

void tar_records_end(struct tar_records *records);

/* Takes the map that records have, into the entry. */
bool tar_sparse_records(struct tar_reader *reader, const struct tar_records *records,
			struct error *error);

/* Reads "LENGTH KEY=VALUE\n"...; false: they are malformed. `text` has a NUL behind it. */
bool tar_records_read(char *text, size_t size, struct tar_records *records);

#endif
