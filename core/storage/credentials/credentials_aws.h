/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials_aws - the key that requests to S3 are signed with, from the first source that has
 * one, in the order of AWS's own libraries: the environment (Flyte's names before AWS's), web
 * identity, the files of a profile, a container's endpoint, the instance's metadata.
 */
#ifndef FLYTECTX_STORAGE_CREDENTIALS_AWS_H
#define FLYTECTX_STORAGE_CREDENTIALS_AWS_H

#include "storage/credentials/credentials_request.h"

/* As credentials_keep(). */
bool credentials_aws_get(struct credentials *credentials, struct error *error);

credentials_source credentials_aws_environment, credentials_aws_web_identity,
	credentials_aws_profile, credentials_aws_container, credentials_aws_instance;

/* From the JSON that containers and instances answer with. */
enum credentials_result credentials_aws_from_json(struct credentials *credentials, const char *what,
						  const char *text, size_t size,
						  struct error *error);

#endif
