/* SPDX-License-Identifier: Apache-2.0 */
/* See digest.h. */
#include "storage/sign/digest.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

bool digest_sha256(unsigned char out[DIGEST_SHA256], const void *data, size_t size)
{
	return EVP_Digest(data, size, out, NULL, EVP_sha256(), NULL) == 1;
}

bool digest_md5(unsigned char out[DIGEST_MD5], const void *data, size_t size)
{
	return EVP_Digest(data, size, out, NULL, EVP_md5(), NULL) == 1;
}

bool digest_hmac(unsigned char out[DIGEST_SHA256], const void *key, size_t key_size,
		 const void *data, size_t size)
{
	return key_size <= INT_MAX &&
	       HMAC(EVP_sha256(), key, (int)key_size, data, size, out, NULL) != NULL;
}

void digest_hex(struct buffer *out, const unsigned char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		buffer_format(out, "%02x", data[i]);
}

void digest_base64(struct buffer *out, const void *data, size_t size)
{
	if (size > INT_MAX / 2 || !buffer_reserve(out, size / 3 * 4 + 5)) {
		out->failed = true;
		return;
	}
	out->length +=
		(size_t)EVP_EncodeBlock((unsigned char *)out->data + out->length, data, (int)size);
}

void digest_base64url(struct buffer *out, const void *data, size_t size)
{
	size_t start = out->length;

	digest_base64(out, data, size);
	if (out->failed)
		return;
	while (out->length > start && out->data[out->length - 1] == '=')
		out->data[--out->length] = '\0';
	for (char *at = out->data + start; *at; at++)
		*at = (char)(*at == '+' ? '-' : *at == '/' ? '_' : *at);
}

bool digest_from_base64(struct buffer *out, const char *text)
{
	size_t length = strlen(text), padding = 0;
	int decoded;

	if (length % 4 || length > INT_MAX || !buffer_reserve(out, length))
		return false;
	while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
		padding++;
	decoded = EVP_DecodeBlock((unsigned char *)out->data + out->length,
				  (const unsigned char *)text, (int)length);
	if (decoded < (int)padding)
		return false;
	out->length += (size_t)decoded - padding;
	out->data[out->length] = '\0';
	return true;
}
