/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials_aws - the key that requests to S3 are signed with, from the first source that has
 * one, in the order of AWS's own libraries: the environment (Flyte's names before AWS's), web
 * identity, the files of a profile, a container's endpoint, the instance's metadata. Kept, and
 * asked for again before it expires.
 */
#ifndef FLYTECTX_STORAGE_CREDENTIALS_AWS_H
#define FLYTECTX_STORAGE_CREDENTIALS_AWS_H

#include "storage/credentials/credentials_request.h"
#include "storage/storage.h"

#include <time.h>

struct credentials_aws {
	char *id, *secret;
	char *token;    /* NULL: a key that is not temporary */
	time_t expires; /* 0: never */
};

/*
 * Makes sure that there are credentials which stay good for some minutes; zeroed is none. False
 * with the error: no source had any, or the one that should have failed.
 */
bool credentials_aws_get(struct credentials_aws *credentials, struct error *error);
void credentials_aws_free(struct credentials_aws *credentials);

/* The sources. Each fills in the credentials, which are empty, only where it says FOUND. */
enum credentials_result credentials_aws_environment(struct credentials_aws *credentials,
						    struct error *error);
enum credentials_result credentials_aws_profile(struct credentials_aws *credentials,
						struct error *error);
enum credentials_result credentials_aws_web_identity(struct credentials_aws *credentials,
						     struct error *error);
enum credentials_result credentials_aws_container(struct credentials_aws *credentials,
						  struct error *error);
enum credentials_result credentials_aws_instance(struct credentials_aws *credentials,
						 struct error *error);

/* The region that the environment or the profile says, else "us-east-1"; the caller frees it. */
char *credentials_aws_region(void);

/* From the JSON that containers and instances answer with. */
enum credentials_result credentials_aws_from_json(struct credentials_aws *credentials,
						  const char *what, const char *text, size_t size,
						  struct error *error);

#endif
