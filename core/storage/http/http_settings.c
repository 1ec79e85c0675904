/* SPDX-License-Identifier: Apache-2.0 */
/* See http.h: what the environment says of patience. The names and defaults are the SDK's, but for
 * the stall, which it does not know. */
#include "storage/http/http.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>

#define STALL_SECONDS   60
#define CONNECT_SECONDS 10

/* A number from 0 to `most`, the default where the variable is unset or empty. */
static bool read_number(const char *name, double most, double *value, struct error *error)
{
	const char *text = getenv(name);
	locale_t neutral;
	char *end;
	double number;

	if (!text || !*text)
		return true;
	neutral = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	number = strtod_l(text, &end, neutral);
	freelocale(neutral);
	if (*end || !(number >= 0 && number <= most))
		return error_set(error, ERROR_INVALID, EINVAL, name,
				 "'%.40s' is no number from 0 to %.0f", text, most);
	*value = number;
	return true;
}

bool http_settings_read(struct http_settings *settings, struct error *error)
{
	double retries = 3, backoff = 5, stall = STALL_SECONDS;

	if (!read_number("FLYTE_STORAGE_RETRIES", 1000, &retries, error) ||
	    !read_number("FLYTE_STORAGE_BACKOFF_SECONDS", 3600, &backoff, error) ||
	    !read_number("FLYTECTX_STORAGE_STALL_SECONDS", 86400, &stall, error))
		return false;
	*settings = (struct http_settings) {
		.retries = (unsigned)retries,
		.backoff = backoff,
		.connect_seconds = CONNECT_SECONDS,
		.stall_seconds = stall < 1 ? 1 : (unsigned)stall,
	};
	return true;
}
