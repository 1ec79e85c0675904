/* SPDX-License-Identifier: Apache-2.0 */
/* See credentials_google_exchange.h. */
#include "storage/credentials/credentials_google_exchange.h"

#include <errno.h>

enum credentials_result credentials_google_exchange(struct credentials *token, const char *address,
						    const struct buffer *form, struct error *error)
{
	enum credentials_result result = CREDENTIALS_FAILED;
	struct http_request request = { 0 };
	struct url url;

	if (!url_parse(&url, address)) {
		error_set(error, ERROR_INVALID, EINVAL, "Google credentials",
			  "the file's token_uri, or token_url, is no URL");
		return CREDENTIALS_FAILED;
	}
	if (credentials_post("Google credentials", &url, form, NULL, &request, error))
		result = credentials_token_from_answer(token, &request, error);
	http_request_free(&request);
	url_free(&url);
	return result;
}
