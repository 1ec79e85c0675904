/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See credentials_aws.h: the token that Kubernetes mounts, given to STS for a key of the role. The
 * file is read at each refresh, for the token in it is replaced long before it expires.
 */
#include "storage/credentials/credentials_aws_sts.h"
#include "local/variable.h"

enum credentials_result credentials_aws_web_identity(struct credentials *credentials,
						     struct error *error)
{
	const char *file = variable("AWS_WEB_IDENTITY_TOKEN_FILE");
	const struct aws_role role = { "AWS web identity", variable("AWS_ROLE_ARN"),
				       variable("AWS_ROLE_SESSION_NAME") };

	if (!file || !role.arn)
		return CREDENTIALS_NONE;
	return credentials_aws_role_by_token(credentials, &role, file, error);
}
