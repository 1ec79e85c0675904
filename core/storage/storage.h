/* SPDX-License-Identifier: Apache-2.0 */
/*
 * storage - one object in a store, behind one small interface (SPEC 4.12). A URL becomes a store
 * object by storage_open(); what its scheme means is in the file of that name.
 *
 *	struct error error;
 *	struct storage *object = storage_open("s3://bucket/key", NULL, &error);
 *	if (!object || !storage_stat(object, &status, &error))
 *		report(error.text);
 *
 * Every function that can fail returns false (or NULL) and then has filled in the error: its class,
 * for the caller that decides by it, and its text, for people. An object is used by one thread at
 * a time. Nothing here prints, changes signal dispositions, or depends on the current locale.
 */
#ifndef FLYTECTX_STORAGE_H
#define FLYTECTX_STORAGE_H

#include "local/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- our metadata ------------------------------------------------------------------------ */

enum storage_kind {
	STORAGE_KIND_UNKNOWN =
		0,          /* nobody said: not an object of ours, or the store kept nothing */
	STORAGE_KIND_BYTES, /* flyte_checkpoint_save_bytes() or standard input */
	STORAGE_KIND_FILE,
	STORAGE_KIND_DIRECTORY, /* a gzip'ed tar */
};

/* What we know of an object beyond what the SDK writes. Each part may be unknown on its own. */
struct storage_metadata {
	enum storage_kind kind;
	bool has_size;
	bool has_checksum;
	uint64_t size;
	uint64_t checksum; /* storage_checksum() of all bytes, from 0 */
};

#define STORAGE_METADATA_MAX  96
#define STORAGE_METADATA_NAME "flytectx" /* x-amz-meta-flytectx, user.flytectx, ... */

/*
 * The one text form for all stores: `kind=file size=123 crc64=0123456789abcdef`. Returns its
 * length. Reading ignores what it does not know, and false is a text that is none of ours.
 */
size_t storage_metadata_text(const struct storage_metadata *metadata,
			     char text[STORAGE_METADATA_MAX]);
bool storage_metadata_read(const char *text, struct storage_metadata *metadata);

/* CRC-64/XZ, piece by piece. */
uint64_t storage_checksum(uint64_t checksum, const void *data, size_t size);

/* --- an object --------------------------------------------------------------------------- */

/*
 * Called by whoever moves bytes, on the thread that called the store, at least once a second:
 * `done` of `total` bytes (STORAGE_SIZE_UNKNOWN where nobody knows). False cancels: the call ends
 * soon, with ERROR_CANCELLED and nothing changed in the store.
 */
struct storage_progress {
	bool (*report)(void *argument, uint64_t done, uint64_t total);
	void *argument;
};

#define STORAGE_SIZE_UNKNOWN UINT64_MAX

struct storage {
	const struct storage_operations *operations;
	struct storage_progress progress; /* report may be NULL: ask storage_report() */
	char *url;                        /* owned; what error texts begin with */
	uint64_t reported, reported_total;
	const char *content_type; /* of what is written, borrowed; NULL: of any bytes */
};

#define STORAGE_TAG_MAX 256

/* What a store says of all bytes of an object, whoever has written it. */
enum storage_sum_kind { STORAGE_SUM_NONE, STORAGE_SUM_CRC32, STORAGE_SUM_CRC64NVME };

/* Such a checksum, piece by piece, from 0. */
uint64_t storage_sum(enum storage_sum_kind kind, uint64_t sum, const void *data, size_t size);

struct storage_status {
	uint64_t size;
	char etag[STORAGE_TAG_MAX]; /* opaque; changes with each object of that name */
	struct storage_metadata metadata;
	enum storage_sum_kind sum_kind;
	uint64_t sum;
};

/*
 * Where the bytes of a write come from. `read` fills at most `size` bytes and returns how many, 0
 * at the end, or -1 with the error filled in: the write is then aborted and fails with that error.
 * Where `fd` is not -1 it is a regular file, read from its offset 0, and a store may read it itself
 * (pread, copy_file_range, again after a failed part) instead of calling `read`.
 */
struct storage_source {
	int64_t (*read)(void *argument, void *data, size_t size, struct error *error);
	void *argument;
	int fd;
	uint64_t size; /* in all; STORAGE_SIZE_UNKNOWN for a stream */
};

/*
 * Where the bytes of a read go. With `write` in order, piece by piece; false with the error filled
 * in ends the read with that error. Where `write` is NULL `fd` is a regular file, and pieces are
 * written in any order, the first byte of the range at offset 0 of the file.
 */
struct storage_sink {
	bool (*write)(void *argument, const void *data, size_t size, struct error *error);
	void *argument;
	int fd;
};

/* A range of an object: all of it is { 0, STORAGE_SIZE_UNKNOWN }. */
struct storage_range {
	uint64_t offset;
	uint64_t length; /* what lies behind the end of the object is left out */
};

/* What a store implements. All are required. */
struct storage_operations {
	bool (*stat)(struct storage *object, struct storage_status *status, struct error *error);
	bool (*read)(struct storage *object, const struct storage_range *range, const char *etag,
		     const struct storage_sink *sink, struct error *error);
	bool (*write)(struct storage *object, const struct storage_source *source,
		      const struct storage_metadata *metadata, struct error *error);
	bool (*remove)(struct storage *object, struct error *error);
	void (*close)(struct storage *object); /* frees the object itself too, not `url` */
};

/*
 * The object that a URL names: SCHEME://..., or a path. Only parses: nothing is connected to, and
 * credentials are looked for at the first use. `progress` may be NULL. NULL with the error: a
 * scheme that no store has, or a URL that its store can't read.
 */
struct storage *storage_open(const char *url, const struct storage_progress *progress,
			     struct error *error);

/* NULL is allowed. */
void storage_close(struct storage *object);

/* An object that is not there is false with ERROR_ABSENT. */
bool storage_stat(struct storage *object, struct storage_status *status, struct error *error);

/*
 * Reads a range into the sink, in bounded memory, in parallel where the store can and the sink is
 * an fd. With `etag` not NULL only of the object that had it, else ERROR_CHANGED.
 * What the store itself says of the bytes (lengths, its checksums) is checked; our metadata is not:
 * that is for who reads the whole.
 */
bool storage_read(struct storage *object, const struct storage_range *range, const char *etag,
		  const struct storage_sink *sink, struct error *error);

/*
 * Replaces the object by all that the source gives, whole or not at all: at any failure, cancel or
 * kill readers see the old object, or none as before. Durable when it returns true. Of the metadata
 * what is unknown (a stream has neither size nor checksum) the store fills in where it can keep it.
 */
bool storage_write(struct storage *object, const struct storage_source *source,
		   const struct storage_metadata *metadata, struct error *error);

/* Removes the object; one that is not there counts as removed. */
bool storage_remove(struct storage *object, struct error *error);

/* --- for the stores ---------------------------------------------------------------------- */

/* What a store across a network is told of the bytes that are written. */
const char *storage_content_type(const struct storage *object);

/* False with ERROR_CANCELLED where the caller wants no more. */
bool storage_report(struct storage *object, uint64_t done, uint64_t total, struct error *error);

/* The same, as far as it was the last time: while nothing moves. */
bool storage_report_again(struct storage *object, struct error *error);

/* The path of an object that is a local file, as given but for a leading file://; else NULL. */
const char *storage_local_path(const char *url);

/* What tells one state of a local file from another: its etag. */
struct stat;
void storage_file_tag(const struct stat *file, char etag[STORAGE_TAG_MAX]);

/* The makers, one per scheme; storage_open.c has the table of schemes. `url` is borrowed. */
struct storage *storage_file_open(const char *url, struct error *error);
struct storage *storage_s3_open(const char *url, struct error *error);
struct storage *storage_gs_open(const char *url, struct error *error);
struct storage *storage_azure_open(const char *url, struct error *error);

#endif
