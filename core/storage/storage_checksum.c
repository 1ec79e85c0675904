/* SPDX-License-Identifier: Apache-2.0 */
/* See storage.h: the CRC-64 of objects. */
#include "storage/storage.h"

#include <isa-l/crc64.h>

uint64_t storage_checksum(uint64_t checksum, const void *data, size_t size)
{
	return crc64_ecma_refl(checksum, data, size);
}
