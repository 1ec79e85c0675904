/* SPDX-License-Identifier: Apache-2.0 */
/* See digest_name.h. */
#include "local/digest_name.h"

#include <stdio.h>
#include <string.h>

/* Lengths too, so that no two lists of parts give the same text. */
void digest_name(const char *const parts[], size_t count, char name[PARTS_NAME_SIZE])
{
	unsigned char sum[MD5_SIZE];
	struct md5 md5;
	char length[32];

	md5_begin(&md5);
	for (size_t i = 0; i < count; i++) {
		const char *part = parts[i] ? parts[i] : "";

		snprintf(length, sizeof(length), "%zu ", parts[i] ? strlen(part) + 1 : 0);
		md5_add(&md5, length, strlen(length));
		md5_add(&md5, part, strlen(part));
	}
	md5_end(&md5, sum);
	for (size_t i = 0; i < sizeof(sum); i++)
		snprintf(name + 2 * i, 3, "%02x", sum[i]);
}
