/* SPDX-License-Identifier: Apache-2.0 */
/* See credentials.h. */
#include "storage/credentials/credentials.h"
#include "local/wiped_memory.h"

/* Credentials are asked for again so many seconds before they expire. */
#define MARGIN 300

static bool find(struct credentials *credentials, const struct credentials_chain *chain,
		 struct error *error)
{
	struct error reason = { 0 };

	for (size_t i = 0; i < chain->count; i++) {
		switch (chain->sources[i](credentials, &reason)) {
		case CREDENTIALS_FOUND:
			return true;
		case CREDENTIALS_FAILED:
			*error = reason;
			return false;
		case CREDENTIALS_NONE:
			break;
		}
	}
	return error_set(error, ERROR_DENIED, 0, chain->what, "none in %s%s%s", chain->places,
			 *reason.text ? ": " : "", reason.text);
}

static bool is_fresh(const struct credentials *credentials, time_t seconds)
{
	return (credentials->id || credentials->token) &&
	       (!credentials->expires || credentials->expires > time(NULL) + seconds);
}

bool credentials_keep(struct credentials *kept, const struct credentials_chain *chain,
		      struct error *error)
{
	struct credentials fresh = { 0 };

	if (is_fresh(kept, MARGIN))
		return true;
	if (find(&fresh, chain, error)) {
		credentials_free(kept);
		*kept = fresh;
		return true;
	}
	credentials_free(&fresh);
	/* If renewal fails, the old ones serve until they expire. */
	return is_fresh(kept, 0);
}

bool credentials_forget(struct credentials *credentials)
{
	bool renewable = credentials->expires != 0;

	if (renewable)
		credentials_free(credentials);
	return renewable;
}

void credentials_free(struct credentials *credentials)
{
	wiped_free(credentials->id);
	wiped_free(credentials->secret);
	wiped_free(credentials->token);
	*credentials = (struct credentials) { 0 };
}
