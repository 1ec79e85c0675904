/* SPDX-License-Identifier: Apache-2.0 */
/* See sign_body.h. */
#include "storage/sign/sign_body.h"
#include "storage/sign/digest.h"

#include <endian.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE (256 * 1024)

typedef void consume(void *argument, const void *data, size_t size);

static bool each_piece(const struct http_request *request, char *piece, consume *take,
		       void *argument, struct error *error)
{
	const struct http_body *body = &request->body;
	uint64_t done = 0;

	if (body->data) {
		take(argument, body->data, body->size);
		return true;
	}

	while (done < body->size) {
		size_t size = body->size - done < PIECE ? (size_t)(body->size - done) : PIECE;
		ssize_t count = pread(body->fd, piece, size, (off_t)(body->offset + done));

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return error_set(error, ERROR_SYSTEM, count ? errno : ENODATA,
					 request->what, "can't read what is to be saved%s",
					 count ? "" : ", it has become shorter");
		take(argument, piece, (size_t)count);
		done += (uint64_t)count;
	}
	return true;
}

static void add_to_hash(void *context, const void *data, size_t size)
{
	EVP_DigestUpdate(context, data, size);
}

/* `hash` has room for the kind's. */
static bool hash_body(const struct http_request *request, const EVP_MD *kind, unsigned char *hash,
		      struct error *error)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	char *piece = malloc(PIECE);
	bool good = context && piece && EVP_DigestInit_ex(context, kind, NULL) == 1;

	if (!good)
		error_set(error, ERROR_SYSTEM, ENOMEM, request->what, "can't sign");
	else
		good = each_piece(request, piece, add_to_hash, context, error);
	good = good && EVP_DigestFinal_ex(context, hash, NULL) == 1;
	EVP_MD_CTX_free(context);
	free(piece);
	return good;
}

bool sign_body_md5(struct http_request *request, struct error *error)
{
	unsigned char hash[DIGEST_MD5];
	struct buffer text = { 0 };

	if (pairs_get(&request->headers, "Content-MD5"))
		return true;
	if (!hash_body(request, EVP_md5(), hash, error))
		return false;
	digest_base64(&text, hash, sizeof(hash));
	pairs_set(&request->headers, "Content-MD5", buffer_string(&text));
	request->headers.failed = request->headers.failed || text.failed;
	buffer_free(&text);
	return true;
}

static void add_to_sum(void *sum, const void *data, size_t size)
{
	*(uint64_t *)sum = storage_sum(STORAGE_SUM_CRC64NVME, *(uint64_t *)sum, data, size);
}

bool sign_body_sum(struct http_request *request, struct error *error)
{
	char *piece = malloc(PIECE);
	struct buffer text = { 0 };
	uint64_t sum = 0;
	bool good;

	if (pairs_get(&request->headers, SIGN_BODY_SUM)) {
		free(piece);
		return true;
	}
	good = piece ? each_piece(request, piece, add_to_sum, &sum, error)
		     : error_set(error, ERROR_SYSTEM, ENOMEM, request->what, "can't sign");
	free(piece);
	sum = htobe64(sum);
	digest_base64(&text, &sum, sizeof(sum));
	pairs_set(&request->headers, SIGN_BODY_SUM, buffer_string(&text));
	request->headers.failed = request->headers.failed || text.failed;
	buffer_free(&text);
	return good;
}

bool sign_body(struct http_request *request, struct error *error)
{
	unsigned char hash[DIGEST_SHA256];
	struct buffer text = { 0 };
	bool secure = strncmp(request->origin, "https://", strlen("https://")) == 0;

	if (pairs_get(&request->headers, "x-amz-content-sha256"))
		return true;
	if (secure && request->body.size) {
		pairs_set(&request->headers, "x-amz-content-sha256", "UNSIGNED-PAYLOAD");
		return true;
	}
	if (request->body.data || !request->body.size) {
		if (!digest_sha256(hash, request->body.data ? request->body.data : "",
				   request->body.size))
			return error_set(error, ERROR_SYSTEM, ENOMEM, request->what, "can't sign");
	} else if (!hash_body(request, EVP_sha256(), hash, error)) {
		return false;
	}
	digest_hex(&text, hash, sizeof(hash));
	pairs_set(&request->headers, "x-amz-content-sha256", buffer_string(&text));
	request->headers.failed = request->headers.failed || text.failed;
	buffer_free(&text);
	return true;
}
