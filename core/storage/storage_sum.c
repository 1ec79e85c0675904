/* SPDX-License-Identifier: Apache-2.0 */
/* See storage.h: the checksums that stores have of their objects. */
#include "storage/storage.h"

#include <endian.h>
#include <isa-l/crc.h>
#include <pthread.h>
#include <string.h>

/* CRC-64/NVME, reflected: isa-l has it from 2.31 on, so it is made here, eight bytes at a time. */
#define NVME UINT64_C(0x9a6c9329ac4bc9b5)

static uint64_t tables[8][256];

static void make_tables(void)
{
	for (unsigned byte = 0; byte < 256; byte++) {
		uint64_t sum = byte;

		for (int bit = 0; bit < 8; bit++)
			sum = sum >> 1 ^ (sum & 1 ? NVME : 0);
		tables[0][byte] = sum;
	}
	for (unsigned table = 1; table < 8; table++)
		for (unsigned byte = 0; byte < 256; byte++) {
			uint64_t before = tables[table - 1][byte];

			tables[table][byte] = before >> 8 ^ tables[0][before & 255];
		}
}

static uint64_t crc64_nvme(uint64_t sum, const unsigned char *data, size_t size)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_tables);
	sum = ~sum;
	for (; size >= 8; size -= 8, data += 8) {
		uint64_t word, next = 0;

		memcpy(&word, data, sizeof(word));
		word = le64toh(word) ^ sum;
		for (unsigned i = 0; i < 8; i++)
			next ^= tables[7 - i][word >> 8 * i & 255];
		sum = next;
	}
	while (size--)
		sum = sum >> 8 ^ tables[0][(sum ^ *data++) & 255];
	return ~sum;
}

uint64_t storage_sum(enum storage_sum_kind kind, uint64_t sum, const void *data, size_t size)
{
	switch (kind) {
	case STORAGE_SUM_CRC32:
		return crc32_gzip_refl((uint32_t)sum, data, size);
	case STORAGE_SUM_CRC64NVME:
		return crc64_nvme(sum, data, size);
	case STORAGE_SUM_NONE:
		break;
	}
	return sum;
}
