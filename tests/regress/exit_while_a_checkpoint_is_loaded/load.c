/* SPDX-License-Identifier: Apache-2.0 */
/* Leaves main() argv[1] microseconds after the start of a load. */
#include "flyte_ctx.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 2 || !flyte_checkpoint_load_async())
		return puts(flyte_checkpoint_error()), 1;
	usleep((useconds_t)atoi(argv[1]));
	exit(7);
}
