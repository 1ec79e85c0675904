/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tar - one member of a tar archive, as the writer takes it and the reader gives it (SPEC 4.1).
 *
 * Written is POSIX.1-2001 (pax): a ustar header, before it extended records for what that can't
 * hold. Sparse files are written as GNU tar's sparse format 1.0, which Python reads. Read are
 * ustar, pax, GNU's long names, numbers in base 256, and that sparse format.
 */
#ifndef FLYTECTX_TAR_H
#define FLYTECTX_TAR_H

#include "storage/storage.h"

#include <limits.h>
#include <sys/types.h>

#define TAR_BLOCK 512

enum tar_type {
	TAR_FILE = '0',
	TAR_HARD_LINK = '1',
	TAR_SYMLINK = '2',
	TAR_CHARACTER_DEVICE = '3',
	TAR_BLOCK_DEVICE = '4',
	TAR_DIRECTORY = '5',
	TAR_FIFO = '6',
};

/* A stretch of a sparse file that has data. */
struct tar_extent {
	uint64_t offset, size;
};

struct tar_sparse {
	struct tar_extent *extents;
	size_t count;
};

struct tar_entry {
	enum tar_type type;
	char path[PATH_MAX]; /* without a slash at its end */
	char link[PATH_MAX]; /* of links */
	mode_t mode;         /* permissions, with the setuid, setgid and sticky bits */
	uid_t uid;
	gid_t gid;
	uint64_t size; /* of a file; as it is seen, holes included */
	int64_t mtime; /* seconds */
	uint32_t mtime_ns;
	bool is_sparse;
	struct tar_sparse sparse;
};

/* --- headers, in pieces of whole blocks -------------------------------------------------- */

struct tar_text {
	char *data; /* the caller frees it */
	size_t size;
};

/* What stands before the data of a member. False: no memory. */
bool tar_header(const struct tar_entry *entry, struct tar_text *header);

/* The sum that a header must have in its checksum field. */
unsigned tar_checksum(const unsigned char block[TAR_BLOCK]);

/* A number of a header field, octal or base 256. False: it is none. */
bool tar_number(const unsigned char *field, size_t size, uint64_t *number);

/* The same with negative ones, two's complement in base 256: times before 1970. */
bool tar_signed_number(const unsigned char *field, size_t size, int64_t *number);

/* The bytes that are left to a whole block. */
static inline size_t tar_padding(uint64_t size)
{
	return (size_t)(-size % TAR_BLOCK);
}

#endif
