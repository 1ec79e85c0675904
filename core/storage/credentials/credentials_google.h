/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials_google - the token that requests to Google's storage show, in the order of Google's
 * libraries: CLOUDSDK_AUTH_ACCESS_TOKEN, the file that GOOGLE_APPLICATION_CREDENTIALS names or that
 * gcloud has left, the metadata server of a machine or pod.
 */
#ifndef FLYTECTX_STORAGE_CREDENTIALS_GOOGLE_H
#define FLYTECTX_STORAGE_CREDENTIALS_GOOGLE_H

#include "storage/credentials/credentials_token.h"

bool credentials_google_get(struct credentials_token *token, struct error *error);

credentials_source credentials_google_environment, credentials_google_file,
	credentials_google_metadata;

/* From such a file, by its "type": the account's key, the user's refresh token, or what another
 * provider says of us is exchanged. */
enum credentials_result credentials_google_account(struct credentials_token *token,
						   const json_t *file, struct error *error);
enum credentials_result credentials_google_user(struct credentials_token *token, const json_t *file,
						struct error *error);
enum credentials_result credentials_google_external(struct credentials_token *token,
						    const json_t *file, struct error *error);

/* Sends a form to a token service and takes the token from its answer. */
enum credentials_result credentials_google_exchange(struct credentials_token *token,
						    const char *address, const struct buffer *form,
						    struct error *error);

#define CREDENTIALS_GOOGLE_SCOPE "https://www.googleapis.com/auth/devstorage.read_write"

#endif
