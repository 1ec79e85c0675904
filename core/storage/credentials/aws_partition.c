/* SPDX-License-Identifier: Apache-2.0 */
/* See aws_partition.h. */
#include "storage/credentials/aws_partition.h"
#include "local/variable.h"
#include "storage/credentials/aws_profile.h"

#include <stddef.h>
#include <string.h>

static const struct partition {
	const char *prefix; /* of the names of its regions */
	const char *domain;
	bool no_fips, no_dual;
} partitions[] = {
	{ "cn-", "amazonaws.com.cn", true, false },
	{ "eusc-", "amazonaws.eu", false, false },
	{ "us-iso-", "c2s.ic.gov", false, false },
	{ "us-isob-", "sc2s.sgov.gov", false, false },
	{ "eu-isoe-", "cloud.adc-e.uk", false, true },
	{ "us-isof-", "csp.hci.ic.gov", false, true },
	{ "", "amazonaws.com", false, false },
};

static const struct partition *partition_of(const char *region)
{
	const struct partition *partition = partitions;

	while (strncmp(region, partition->prefix, strlen(partition->prefix)) != 0)
		partition++;
	return partition;
}

static bool is_wanted(const char *name, const char *setting, const char *of_s3)
{
	if (variable(name))
		return variable_is_true(name);
	return aws_profile_is_true(setting) || (of_s3 && aws_profile_is_true(of_s3));
}

static bool wants_fips(void)
{
	return is_wanted("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", NULL);
}

static bool wants_dual(void)
{
	return is_wanted("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint",
			 "s3.use_dualstack_endpoint");
}

bool aws_partition_has(const char *region, const char **why)
{
	const struct partition *partition = partition_of(region);

	*why = NULL;
	if (partition->no_fips && wants_fips())
		*why = "its region has no FIPS endpoints (AWS_USE_FIPS_ENDPOINT)";
	else if (partition->no_dual && wants_dual())
		*why = "its region has no dual-stack endpoints (AWS_USE_DUALSTACK_ENDPOINT)";
	return !*why;
}

void aws_partition_host(struct buffer *out, const char *service, const char *region)
{
	const struct partition *partition = partition_of(region);
	bool is_s3 = strcmp(service, "s3") == 0;
	bool is_dual = is_s3 && wants_dual();

	buffer_text(out, service);
	if (wants_fips())
		buffer_text(out, "-fips");
	/* S3 has dual-stack addresses below the usual domain. */
	buffer_format(out, "%s.%s.%s", is_dual ? ".dualstack" : "", region, partition->domain);
}
