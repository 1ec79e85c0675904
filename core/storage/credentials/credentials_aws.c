/* SPDX-License-Identifier: Apache-2.0 */
/* See credentials_aws.h: the order of the sources. */
#include "local/timestamp.h"
#include "storage/credentials/credentials_aws.h"

#include <string.h>

bool credentials_aws_get(struct credentials *credentials, struct error *error)
{
	static credentials_source *const sources[] = {
		credentials_aws_environment, credentials_aws_web_identity, credentials_aws_profile,
		credentials_aws_container,   credentials_aws_instance,
	};
	static const struct credentials_chain chain = {
		"AWS credentials",
		"the environment, a web identity, a profile, a container's endpoint or the "
		"instance's metadata",
		sources, sizeof(sources) / sizeof(*sources)
	};

	return credentials_keep(credentials, &chain, error);
}

enum credentials_result credentials_aws_from_json(struct credentials *credentials, const char *what,
						  const char *text, size_t size,
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
		*credentials = (struct credentials) { strdup(id), strdup(secret),
						      token ? strdup(token) : NULL,
						      timestamp_seconds(expires) };
	} else if (document) {
		error_set(error, ERROR_DENIED, 0, what,
			  "it has no AccessKeyId and SecretAccessKey");
	}
	json_decref(document);
	return id && secret ? CREDENTIALS_FOUND : CREDENTIALS_FAILED;
}
