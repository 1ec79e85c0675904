/* SPDX-License-Identifier: Apache-2.0 */
/* credentials_token - a bearer token, as Google and Azure hand out: kept until it is about to
 * expire. */
#ifndef FLYTECTX_STORAGE_CREDENTIALS_TOKEN_H
#define FLYTECTX_STORAGE_CREDENTIALS_TOKEN_H

#include "storage/credentials/credentials_request.h"

struct credentials_token {
	char *text;     /* NULL: none yet */
	time_t expires; /* 0: never */
};

/* Where a token comes from. It fills in the token, which is empty, only where it says FOUND. */
typedef enum credentials_result credentials_source(struct credentials_token *token,
						   struct error *error);

/* Makes sure that the token stays good for some minutes, from the first of the sources (NULL at
 * their end) that has one. False with the error, which begins with `what` where none had. */
bool credentials_token_get(struct credentials_token *token, credentials_source *const sources[],
			   const char *what, struct error *error);

/* From the answer of a token service: access_token, and expires_in as a number or a text. */
enum credentials_result credentials_token_from_answer(struct credentials_token *token,
						      const struct http_request *request,
						      struct error *error);

/* Sets "Authorization: Bearer TOKEN". */
void credentials_token_set_authorization(const struct credentials_token *token,
					 struct http_request *request);

void credentials_token_free(struct credentials_token *token);

#endif
