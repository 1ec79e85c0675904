/* SPDX-License-Identifier: Apache-2.0 */
/* credentials_aws_region - the region that requests to AWS are signed for. */
#ifndef FLYTECTX_STORAGE_CREDENTIALS_AWS_REGION_H
#define FLYTECTX_STORAGE_CREDENTIALS_AWS_REGION_H

/* The region that the environment or the profile says, else "us-east-1"; NULL: no memory. The
 * caller frees it. */
char *credentials_aws_region(void);

#endif
