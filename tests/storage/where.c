/* SPDX-License-Identifier: Apache-2.0 */
/*
 * where URL - where a request for an object of S3 goes, and as whom: its address, the region it is
 * signed for, and the key. One line each; "error: TEXT" where there is no such place.
 */
#include "storage/credentials/credentials_aws.h"
#include "storage/credentials/credentials_aws_region.h"
#include "storage/remote/remote.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char *argv[])
{
	struct credentials key = { 0 };
	struct error error;
	struct storage *object = argc > 1 ? storage_open(argv[1], NULL, &error) : NULL;
	struct remote *remote = (struct remote *)object;
	char *region = credentials_aws_region();

	if (argc < 2)
		return 2;
	if (!object || !remote_ready(remote, &error)) {
		printf("error: %s\n", error.text);
		return 1;
	}
	printf("%s%s\n%s\n", remote->origin, remote->path, region);
	if (credentials_aws_get(&key, &error))
		printf("%s %s %s\n", key.id, key.secret, key.token ? key.token : "");
	else
		printf("no key: %s\n", error.text);
	credentials_free(&key);
	storage_close(object);
	free(region);
	return 0;
}
