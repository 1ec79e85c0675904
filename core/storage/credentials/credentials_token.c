/* SPDX-License-Identifier: Apache-2.0 */
/* See credentials_token.h. */
#include "storage/credentials/credentials_token.h"

#include <stdlib.h>
#include <string.h>

static time_t expiry(const json_t *answer)
{
	const json_t *seconds = json_object_get(answer, "expires_in");
	json_int_t number = json_integer_value(seconds);

	if (json_is_string(seconds))
		number = strtoll(json_string_value(seconds), NULL, 10);
	/* A year is for ever, and more would not fit. */
	if (number > 365 * 86400)
		number = 365 * 86400;
	return number > 0 ? time(NULL) + (time_t)number : 0;
}

enum credentials_result credentials_token_from_answer(struct credentials *token,
						      const struct http_request *request,
						      struct error *error)
{
	json_t *answer = credentials_json(request->what, buffer_string(&request->answer),
					  request->answer.length, error);
	const char *text = json_string_value(json_object_get(answer, "access_token"));

	if (text)
		*token = (struct credentials) { .token = strdup(text), .expires = expiry(answer) };
	else if (answer)
		error_set(error, ERROR_DENIED, 0, request->what, "the answer has no access_token");
	json_decref(answer);
	return token->token ? CREDENTIALS_FOUND : CREDENTIALS_FAILED;
}

void credentials_token_set_authorization(const struct credentials *token,
					 struct http_request *request)
{
	pairs_format(&request->headers, "Authorization", "Bearer %s", token->token);
}
