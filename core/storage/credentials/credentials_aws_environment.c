/* SPDX-License-Identifier: Apache-2.0 */
/* See credentials_aws.h: keys in variables, Flyte's names before AWS's. */
#include "storage/credentials/credentials_aws.h"
#include "local/variable.h"

#include <stdlib.h>
#include <string.h>

static enum credentials_result take(struct credentials *credentials, const char *id_name,
				    const char *secret_name, const char *token_name,
				    struct error *error)
{
	const char *id = variable(id_name), *secret = variable(secret_name);
	const char *token = token_name ? variable(token_name) : NULL;

	if (!id && !secret)
		return CREDENTIALS_NONE;
	if (!id || !secret) {
		error_set(error, ERROR_DENIED, 0, "AWS credentials", "%s is set without %s",
			  id ? id_name : secret_name, id ? secret_name : id_name);
		return CREDENTIALS_FAILED;
	}
	credentials->id = strdup(id);
	credentials->secret = strdup(secret);
	credentials->token = token ? strdup(token) : NULL;
	return CREDENTIALS_FOUND;
}

enum credentials_result credentials_aws_environment(struct credentials *credentials,
						    struct error *error)
{
	enum credentials_result result = take(credentials, "FLYTE_AWS_ACCESS_KEY_ID",
					      "FLYTE_AWS_SECRET_ACCESS_KEY", NULL, error);

	if (result != CREDENTIALS_NONE)
		return result;
	return take(credentials, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
		    error);
}
