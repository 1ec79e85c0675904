/* SPDX-License-Identifier: Apache-2.0 */
/* credentials_token - bearer tokens, as the token services of Google and Azure hand them out. */
#ifndef FLYTECTX_STORAGE_CREDENTIALS_TOKEN_H
#define FLYTECTX_STORAGE_CREDENTIALS_TOKEN_H

#include "storage/credentials/credentials_request.h"

/* From the answer of a token service: access_token, and expires_in as a number or a text. */
enum credentials_result credentials_token_from_answer(struct credentials *token,
						      const struct http_request *request,
						      struct error *error);

/* Sets "Authorization: Bearer TOKEN". */
void credentials_token_set_authorization(const struct credentials *token,
					 struct http_request *request);

#endif
