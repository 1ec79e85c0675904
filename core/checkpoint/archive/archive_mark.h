/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive_mark - what our directory archives say of themselves, in gzip's own extra field, which
 * other readers skip (SPEC 4.6).
 *
 * An archive is a gzip stream of members. Each but the last has a piece of the tar, and in its
 * header the mark HEAD, with its own length: so pieces are unpacked side by side. The last is
 * empty, always ARCHIVE_MARK_TAIL_SIZE bytes long and the last thing in the object: its header has
 * the mark TAIL, with the size of the whole object and the CRC-64 of all before it. So an archive
 * can be written in one go, and one that was cut, or whose first bytes are damaged, is still known
 * as ours.
 */
#ifndef FLYTECTX_ARCHIVE_MARK_H
#define FLYTECTX_ARCHIVE_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MARK_HEAD_SIZE         22 /* a gzip header with the mark */
#define ARCHIVE_MARK_TAIL_SIZE 44 /* a gzip member */

struct archive_mark_tail {
	uint64_t size;
	uint64_t checksum; /* storage_checksum() of all but the tail */
};

/* `size` is that of the member, its header included. */
void archive_mark_head_write(unsigned char head[MARK_HEAD_SIZE], uint32_t size);
void archive_mark_tail_write(const struct archive_mark_tail *tail,
			     unsigned char text[ARCHIVE_MARK_TAIL_SIZE]);

/* False: it is no head, or a damaged one. */
bool archive_mark_head_read(const unsigned char head[MARK_HEAD_SIZE], uint32_t *size);

/* False: it is no tail, or a damaged one. */
bool archive_mark_tail_read(const unsigned char text[ARCHIVE_MARK_TAIL_SIZE],
			    struct archive_mark_tail *tail);

#endif
