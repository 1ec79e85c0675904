/* SPDX-License-Identifier: Apache-2.0 */
/* credentials_aws_sts - AWS's token service: a key of a role, for a while, for who may have it. */
#ifndef FLYTECTX_STORAGE_CREDENTIALS_AWS_STS_H
#define FLYTECTX_STORAGE_CREDENTIALS_AWS_STS_H

#include "storage/credentials/credentials_aws.h"

/* Who asks for which role. */
struct aws_role {
	const char *what; /* what error texts begin with */
	const char *arn;
	const char *session; /* NULL: a name of our own */
};

/* For a token that somebody else vouches for. */
enum credentials_result credentials_aws_role_by_token(struct credentials *credentials,
						      const struct aws_role *role,
						      const char *token_file, struct error *error);

/* For who has `key`; `more` are further parameters, ExternalId and DurationSeconds. */
enum credentials_result credentials_aws_role_by_key(struct credentials *credentials,
						    const struct aws_role *role,
						    const struct credentials *key,
						    const struct pairs *more, struct error *error);

#endif
