/* SPDX-License-Identifier: Apache-2.0 */
/* See credentials_aws_region.h. */
#include "storage/credentials/credentials_aws_region.h"
#include "local/variable.h"
#include "storage/credentials/aws_profile.h"

#include <string.h>

char *credentials_aws_region(void)
{
	const char *region = variable_first("AWS_REGION", "AWS_DEFAULT_REGION", NULL);
	struct pairs settings = { 0 };
	char *copy;

	if (!region && aws_profile_read(aws_profile_name(), &settings))
		region = pairs_get(&settings, "region");
	copy = strdup(region ? region : "us-east-1");
	pairs_free(&settings);
	return copy;
}
