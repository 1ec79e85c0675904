/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws_profile - the settings of a profile of AWS's tools, from ~/.aws/credentials and
 * ~/.aws/config, or the files and the profile that AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE and
 * AWS_PROFILE name.
 */
#ifndef FLYTECTX_STORAGE_AWS_PROFILE_H
#define FLYTECTX_STORAGE_AWS_PROFILE_H

#include "storage/http/pairs.h"

#include <stdbool.h>

/* The name of the one that is asked for, "default" where nobody says; borrowed. */
const char *aws_profile_name(void);

/*
 * Adds the settings of a profile, the credentials file's before those of the config file, which
 * pairs_get() then prefers. False where neither file has such a profile.
 */
bool aws_profile_read(const char *profile, struct pairs *settings);

/* A setting of the profile that is asked for, one below "s3 =" as "s3.NAME"; NULL where it is not
 * there, or empty. The caller frees it. */
char *aws_profile_setting(const char *name);

bool aws_profile_is_true(const char *name);

/* Where the profile says that S3 is, in its section of services or by itself; likewise. */
char *aws_profile_endpoint(void);

#endif
