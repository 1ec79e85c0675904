/* SPDX-License-Identifier: Apache-2.0 */
/* sign_body - what a signature says of the body: its hash, or that TLS looks after it. */
#ifndef FLYTECTX_STORAGE_SIGN_BODY_H
#define FLYTECTX_STORAGE_SIGN_BODY_H

#include "storage/http/http.h"

/* Sets x-amz-content-sha256, unless it is set. False with the error where the file can't be read.
 */
bool sign_body(struct http_request *request, struct error *error);

#define SIGN_BODY_SUM "x-amz-checksum-crc64nvme"

/* Sets that header, of a body that is not empty, unless it is set; likewise. */
bool sign_body_sum(struct http_request *request, struct error *error);

/* Sets Content-MD5, of a body that is not empty, unless it is set; likewise. */
bool sign_body_md5(struct http_request *request, struct error *error);

#endif
