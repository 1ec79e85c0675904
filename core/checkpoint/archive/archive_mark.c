/* SPDX-License-Identifier: Apache-2.0 */
/* See archive_mark.h. */
#include "checkpoint/archive/archive_mark.h"

#include <endian.h>
#include <isa-l/crc.h>
#include <string.h>

/* RFC 1952: magic, deflate, FHCRC and FEXTRA, no time, no flags of deflate, system unknown. */
#define GZIP_HEADER 0x1f, 0x8b, 8, 0x02 | 0x04, 0, 0, 0, 0, 0, 255

/* Length of the extra field, our subfield and its length, little endian. */
#define EXTRA(length) (length) + 4, 0, 'F', 'C', (length), 0

static const unsigned char head_start[] = { GZIP_HEADER, EXTRA(4) };
static const unsigned char tail_start[] = { GZIP_HEADER, EXTRA(16) };

/* An empty deflate block; CRC-32 and length of nothing. */
static const unsigned char empty_body[] = { 3, 0, 0, 0, 0, 0, 0, 0, 0, 0 };

/* FHCRC: the lower half of the header's CRC-32. */
static size_t put_crc(unsigned char *header, size_t length)
{
	uint32_t crc = crc32_gzip_refl(0, header, length);

	header[length] = (unsigned char)crc;
	header[length + 1] = (unsigned char)(crc >> 8);
	return length + 2;
}

void archive_mark_head_write(unsigned char head[MARK_HEAD_SIZE], uint32_t size)
{
	const uint32_t number = htole32(size);

	memcpy(head, head_start, sizeof(head_start));
	memcpy(head + sizeof(head_start), &number, sizeof(number));
	put_crc(head, sizeof(head_start) + sizeof(number));
}

void archive_mark_tail_write(const struct archive_mark_tail *tail,
			     unsigned char text[ARCHIVE_MARK_TAIL_SIZE])
{
	uint64_t numbers[] = { htole64(tail->size), htole64(tail->checksum) };
	size_t length = sizeof(tail_start);

	memcpy(text, tail_start, length);
	memcpy(text + length, numbers, sizeof(numbers));
	length = put_crc(text, length + sizeof(numbers));
	memcpy(text + length, empty_body, sizeof(empty_body));
}

bool archive_mark_head_read(const unsigned char head[MARK_HEAD_SIZE], uint32_t *size)
{
	unsigned char expected[MARK_HEAD_SIZE];

	memcpy(size, head + sizeof(head_start), sizeof(*size));
	*size = le32toh(*size);
	archive_mark_head_write(expected, *size);
	return !memcmp(head, expected, MARK_HEAD_SIZE);
}

bool archive_mark_tail_read(const unsigned char text[ARCHIVE_MARK_TAIL_SIZE],
			    struct archive_mark_tail *tail)
{
	unsigned char expected[ARCHIVE_MARK_TAIL_SIZE];
	uint64_t numbers[2];

	memcpy(numbers, text + sizeof(tail_start), sizeof(numbers));
	*tail = (struct archive_mark_tail) { le64toh(numbers[0]), le64toh(numbers[1]) };
	archive_mark_tail_write(tail, expected);
	return !memcmp(text, expected, ARCHIVE_MARK_TAIL_SIZE);
}

_Static_assert(sizeof(head_start) + 4 + 2 == MARK_HEAD_SIZE, "the head has its size");
_Static_assert(sizeof(tail_start) + 16 + 2 + sizeof(empty_body) == ARCHIVE_MARK_TAIL_SIZE,
	       "the tail has its size");
