/* SPDX-License-Identifier: Apache-2.0 */
/* See credentials_token.h. */
#include "storage/credentials/credentials_token.h"

#include <stdlib.h>
#include <string.h>

static bool find(struct credentials_token *token, credentials_source *const sources[],
		 const char *what, struct error *error)
{
	struct error reason = { 0 };

	for (; *sources; sources++) {
		switch ((*sources)(token, &reason)) {
		case CREDENTIALS_FOUND:
			return true;
		case CREDENTIALS_FAILED:
			*error = reason;
			return false;
		case CREDENTIALS_NONE:
			break;
		}
	}
	return error_set(error, ERROR_DENIED, 0, what,
			 "none in the environment, a file or a "
			 "metadata service%s%s",
			 *reason.text ? ": " : "", reason.text);
}

static bool lasts(const struct credentials_token *token, time_t seconds)
{
	return token->text && (!token->expires || token->expires > time(NULL) + seconds);
}

bool credentials_token_get(struct credentials_token *token, credentials_source *const sources[],
			   const char *what, struct error *error)
{
	struct credentials_token fresh = { 0 };

	if (lasts(token, CREDENTIALS_MARGIN))
		return true;
	if (find(&fresh, sources, what, error)) {
		credentials_token_free(token);
		*token = fresh;
		return true;
	}
	credentials_token_free(&fresh);
	/* Who can't get a new one yet may still use the one that is there. */
	return lasts(token, 0);
}

static time_t expiry(const json_t *answer)
{
	const json_t *seconds = json_object_get(answer, "expires_in");
	json_int_t number = json_integer_value(seconds);

	if (json_is_string(seconds))
		number = strtoll(json_string_value(seconds), NULL, 10);
	return number > 0 ? time(NULL) + (time_t)number : 0;
}

enum credentials_result credentials_token_from_answer(struct credentials_token *token,
						      const struct http_request *request,
						      struct error *error)
{
	json_t *answer = credentials_json(request->what, buffer_string(&request->answer),
					  request->answer.length, error);
	const char *text = json_string_value(json_object_get(answer, "access_token"));

	if (text)
		*token = (struct credentials_token) { strdup(text), expiry(answer) };
	else if (answer)
		error_set(error, ERROR_DENIED, 0, request->what, "the answer has no access_token");
	json_decref(answer);
	return token->text ? CREDENTIALS_FOUND : CREDENTIALS_FAILED;
}

void credentials_token_set_authorization(const struct credentials_token *token,
					 struct http_request *request)
{
	pairs_format(&request->headers, "Authorization", "Bearer %s", token->text);
}

void credentials_token_free(struct credentials_token *token)
{
	if (token->text)
		explicit_bzero(token->text, strlen(token->text));
	free(token->text);
	*token = (struct credentials_token) { 0 };
}
