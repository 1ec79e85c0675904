/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aws_partition - where the services of AWS are in a region, as botocore's partitions say: each
 * partition of AWS has a domain of its own.
 */
#ifndef FLYTECTX_STORAGE_AWS_PARTITION_H
#define FLYTECTX_STORAGE_AWS_PARTITION_H

#include "storage/http/buffer.h"

#include <stdbool.h>

/* Whether the services of that region are where the variables and the profile want them; why not.
 */
bool aws_partition_has(const char *region, const char **why);

/*
 * The host of "s3" or "sts" in that region, by AWS_USE_FIPS_ENDPOINT,
 * AWS_USE_DUALSTACK_ENDPOINT and the profile, as "s3.eu-west-1.amazonaws.com".
 */
void aws_partition_host(struct buffer *out, const char *service, const char *region);

#endif
