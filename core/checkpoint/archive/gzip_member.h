/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gzip_member - one member of our archives: a piece of the tar, packed and unpacked by itself, so
 * that pieces go side by side. Its header has its length (archive_mark.h).
 */
#ifndef FLYTECTX_GZIP_MEMBER_H
#define FLYTECTX_GZIP_MEMBER_H

#include "checkpoint/archive/archive_mark.h"

#include <isa-l/igzip_lib.h>

/* Of the tar. Half of it costs two bytes more in a thousand, and twice is twice the memory. */
#define GZIP_MEMBER_DATA ((size_t)1024 * 1024)

/* What can't be compressed gets blocks of 64 KiB with five bytes each; 18 are header and trailer.
 */
#define GZIP_MEMBER_MAX (GZIP_MEMBER_DATA + GZIP_MEMBER_DATA / 1024 + MARK_HEAD_SIZE + 64)

struct gzip_member {
	size_t data_size, packed_size;
	const char *failure; /* why the work could not be done */
	union {
		struct isal_zstream deflate;
		struct inflate_state inflate;
	} state;
	unsigned char level[ISAL_DEF_LVL1_DEFAULT];
	unsigned char data[GZIP_MEMBER_DATA];
	unsigned char packed[GZIP_MEMBER_MAX];
};

/* Of a struct gzip_member: the one from `data`, the other from `packed`, into the other one. */
void gzip_member_pack(void *member);
void gzip_member_unpack(void *member);

#endif
