/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials_google_exchange - what stands in a file of Google's is exchanged for a token, by the
 * "type" of the file: an account's key, a user's refresh token, what another provider says of us.
 */
#ifndef FLYTECTX_STORAGE_CREDENTIALS_GOOGLE_EXCHANGE_H
#define FLYTECTX_STORAGE_CREDENTIALS_GOOGLE_EXCHANGE_H

#include "storage/credentials/credentials_token.h"

#define CREDENTIALS_GOOGLE_SCOPE "https://www.googleapis.com/auth/devstorage.read_write"

enum credentials_result credentials_google_account(struct credentials *token, const json_t *file,
						   struct error *error);
enum credentials_result credentials_google_user(struct credentials *token, const json_t *file,
						struct error *error);
enum credentials_result credentials_google_external(struct credentials *token, const json_t *file,
						    struct error *error);

/* Sends a form to a token service and takes the token from its answer. */
enum credentials_result credentials_google_exchange(struct credentials *token, const char *address,
						    const struct buffer *form, struct error *error);

#endif
