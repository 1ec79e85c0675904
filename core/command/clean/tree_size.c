/* SPDX-License-Identifier: Apache-2.0 */
/* See tree_size.h. */
#include "command/clean/tree_size.h"

#include <ftw.h>
#include <sys/stat.h>

#define BLOCK       512 /* the unit of st_blocks */
#define DESCRIPTORS 16

static uint64_t sum;

static int add(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)path;
	(void)where;
	if (type != FTW_NS)
		sum += (uint64_t)status->st_blocks * BLOCK;
	return 0;
}

uint64_t tree_size(const char *path)
{
	sum = 0;
	nftw(path, add, DESCRIPTORS, FTW_PHYS | FTW_MOUNT);
	return sum;
}
