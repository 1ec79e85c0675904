/* SPDX-License-Identifier: Apache-2.0 */
/* See aws_partition.h. */
#include "storage/credentials/aws_partition.h"
#include "local/variable.h"

#include <stddef.h>
#include <string.h>

static const struct partition {
	const char *prefix; /* of the names of its regions */
	const char *domain;
} partitions[] = {
	{ "cn-", "amazonaws.com.cn" },    { "eusc-", "amazonaws.eu" },
	{ "us-iso-", "c2s.ic.gov" },      { "us-isob-", "sc2s.sgov.gov" },
	{ "eu-isoe-", "cloud.adc-e.uk" }, { "us-isof-", "csp.hci.ic.gov" },
	{ "", "amazonaws.com" },
};

static const struct partition *partition_of(const char *region)
{
	const struct partition *partition = partitions;

	while (strncmp(region, partition->prefix, strlen(partition->prefix)) != 0)
		partition++;
	return partition;
}

void aws_partition_host(struct buffer *out, const char *service, const char *region)
{
	const struct partition *partition = partition_of(region);
	bool is_s3 = strcmp(service, "s3") == 0;
	bool is_dual = is_s3 && variable_is_true("AWS_USE_DUALSTACK_ENDPOINT");

	buffer_text(out, service);
	if (variable_is_true("AWS_USE_FIPS_ENDPOINT"))
		buffer_text(out, "-fips");
	/* S3 has dual-stack addresses below the usual domain. */
	buffer_format(out, "%s.%s.%s", is_dual ? ".dualstack" : "", region, partition->domain);
}
