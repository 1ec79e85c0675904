/* SPDX-License-Identifier: Apache-2.0 */
/*
 * md5 - RFC 1321, for the names of sub-actions alone: the SDK derives them so, and names are no
 * secret. The preload can link no library for it. Pure.
 */
#ifndef FLYTECTX_MD5_H
#define FLYTECTX_MD5_H

#include <stddef.h>
#include <stdint.h>

#define MD5_SIZE 16

struct md5 {
	uint32_t state[4];
	uint64_t length; /* bytes so far */
	unsigned char block[64];
};

void md5_begin(struct md5 *md5);
void md5_add(struct md5 *md5, const char *text, size_t length);
void md5_end(struct md5 *md5, unsigned char digest[MD5_SIZE]);

#endif
