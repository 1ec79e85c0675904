/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mark - what our directory archives say of themselves, in gzip's own extra field, which other
 * readers skip (SPEC 4).
 *
 * An archive is a gzip stream of two members. The first has the tar, and in its header the mark
 * HEAD. The second is empty, always MARK_TAIL_SIZE bytes long and the last thing in the object: its
 * header has the mark TAIL, with the size of the whole object and the CRC-64 of all before it. So
 * an archive can be written in one go, and one that was cut, or whose first bytes are damaged, is
 * still known as ours.
 */
#ifndef FLYTECTX_MARK_H
#define FLYTECTX_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MARK_HEAD_SIZE 18 /* a gzip header with the mark */
#define MARK_TAIL_SIZE 44 /* a gzip member */

struct mark_tail {
	uint64_t size;
	uint64_t checksum; /* storage_checksum() of all but the tail */
};

void mark_head_write(unsigned char head[MARK_HEAD_SIZE]);
void mark_tail_write(const struct mark_tail *tail, unsigned char text[MARK_TAIL_SIZE]);

/* The same bytes again? */
bool mark_head_read(const unsigned char head[MARK_HEAD_SIZE]);

/* False: it is no tail, or a damaged one. */
bool mark_tail_read(const unsigned char text[MARK_TAIL_SIZE], struct mark_tail *tail);

#endif
