/* SPDX-License-Identifier: Apache-2.0 */
/* See tar.h: numbers of header fields. */
#include "checkpoint/archive/tar.h"

bool tar_number(const unsigned char *field, size_t size, uint64_t *number)
{
	size_t i = 0;

	*number = 0;
	if (field[0] == 0x80) {
		for (i = 1; i < size; i++) {
			if (*number >> 56)
				return false;
			*number = *number << 8 | field[i];
		}
		return true;
	}
	while (i < size && field[i] == ' ')
		i++;
	for (; i < size && field[i] >= '0' && field[i] <= '7'; i++)
		*number = *number << 3 | (uint64_t)(field[i] - '0');
	for (; i < size; i++)
		if (field[i] && field[i] != ' ')
			return false;
	return true;
}

bool tar_signed_number(const unsigned char *field, size_t size, int64_t *number)
{
	uint64_t magnitude;

	if (field[0] != 0xff) {
		*number = tar_number(field, size, &magnitude) && magnitude <= INT64_MAX / 2
				  ? (int64_t)magnitude
				  : -1;
		return *number >= 0;
	}
	*number = -1;
	for (size_t i = 1; i < size; i++) {
		if (*number < -(INT64_C(1) << 54))
			return false;
		*number = *number * 256 + field[i];
	}
	return true;
}
