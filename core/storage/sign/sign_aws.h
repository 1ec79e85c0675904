/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sign_aws - AWS Signature Version 4 in the Authorization header: for S3, for what is compatible
 * with it, and for Google's XML API with HMAC keys. Every header of the request is signed.
 */
#ifndef FLYTECTX_STORAGE_SIGN_AWS_H
#define FLYTECTX_STORAGE_SIGN_AWS_H

#include "storage/http/http.h"

#include <time.h>

struct aws_key {
	const char *id, *secret;
	const char *token; /* NULL: a key that is not temporary */
};

/*
 * Sets x-amz-date, x-amz-security-token and Authorization. What the body is vouched for by is in
 * x-amz-content-sha256 if the caller has set it, and else the hash of a body in memory. False where
 * memory is short.
 */
bool sign_aws(struct http_request *request, const struct aws_key *key, const char *region,
	      const char *service, time_t now);

#endif
