/* SPDX-License-Identifier: Apache-2.0 */
/* digest - what signatures are made of: SHA-256, HMAC, MD5, hexadecimal and base64, by libcrypto.
 */
#ifndef FLYTECTX_STORAGE_DIGEST_H
#define FLYTECTX_STORAGE_DIGEST_H

#include "storage/http/buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define DIGEST_SHA256 32
#define DIGEST_MD5    16

bool digest_sha256(unsigned char out[DIGEST_SHA256], const void *data, size_t size);
bool digest_md5(unsigned char out[DIGEST_MD5], const void *data, size_t size);
bool digest_hmac(unsigned char out[DIGEST_SHA256], const void *key, size_t key_size,
		 const void *data, size_t size);

/* Lower case, as signatures have it. */
void digest_hex(struct buffer *out, const unsigned char *data, size_t size);

void digest_base64(struct buffer *out, const void *data, size_t size);

/* With - and _ and without padding, as tokens have it. */
void digest_base64url(struct buffer *out, const void *data, size_t size);

/* false where the text is no base64. */
bool digest_from_base64(struct buffer *out, const char *text);

#endif
