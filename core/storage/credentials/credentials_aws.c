/* SPDX-License-Identifier: Apache-2.0 */
/* See credentials_aws.h: the order of the sources, and when one is asked again. */
#include "local/timestamp.h"
#include "storage/credentials/credentials_aws.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static enum credentials_result (*const sources[])(struct credentials_aws *credentials,
						  struct error *error) = {
	credentials_aws_environment, credentials_aws_web_identity, credentials_aws_profile,
	credentials_aws_container,   credentials_aws_instance,
};

static bool find(struct credentials_aws *credentials, struct error *error)
{
	struct error reason = { 0 };

	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		switch (sources[i](credentials, &reason)) {
		case CREDENTIALS_FOUND:
			return true;
		case CREDENTIALS_FAILED:
			*error = reason;
			return false;
		case CREDENTIALS_NONE:
			break;
		}
	}
	return error_set(error, ERROR_DENIED, 0, "AWS credentials",
			 "none in the environment, a web identity, a profile, a container's "
			 "endpoint or the instance's metadata%s%s",
			 *reason.text ? ": " : "", reason.text);
}

static bool lasts(const struct credentials_aws *credentials, time_t seconds)
{
	return credentials->id &&
	       (!credentials->expires || credentials->expires > time(NULL) + seconds);
}

bool credentials_aws_get(struct credentials_aws *credentials, struct error *error)
{
	struct credentials_aws fresh = { 0 };

	if (lasts(credentials, CREDENTIALS_MARGIN))
		return true;
	if (find(&fresh, error)) {
		credentials_aws_free(credentials);
		*credentials = fresh;
		return true;
	}
	credentials_aws_free(&fresh);
	/* Who can't get new ones yet may still use those that are there. */
	return lasts(credentials, 0);
}

static void free_secret(char **text)
{
	if (*text)
		explicit_bzero(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

void credentials_aws_free(struct credentials_aws *credentials)
{
	free_secret(&credentials->id);
	free_secret(&credentials->secret);
	free_secret(&credentials->token);
	credentials->expires = 0;
}

enum credentials_result credentials_aws_from_json(struct credentials_aws *credentials,
						  const char *what, const char *text, size_t size,
						  struct error *error)
{
	json_t *document = credentials_json(what, text, size, error);
	const char *id = json_string_value(json_object_get(document, "AccessKeyId"));
	const char *secret = json_string_value(json_object_get(document, "SecretAccessKey"));
	const char *token = json_string_value(json_object_get(document, "Token"));
	const char *expires = json_string_value(json_object_get(document, "Expiration"));

	if (!token)
		token = json_string_value(json_object_get(document, "SessionToken"));
	if (id && secret) {
		*credentials = (struct credentials_aws) { strdup(id), strdup(secret),
							  token ? strdup(token) : NULL,
							  timestamp_seconds(expires) };
	} else if (document) {
		error_set(error, ERROR_DENIED, 0, what,
			  "it has no AccessKeyId and SecretAccessKey");
	}
	json_decref(document);
	return id && secret ? CREDENTIALS_FOUND : CREDENTIALS_FAILED;
}
