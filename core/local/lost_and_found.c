/* SPDX-License-Identifier: Apache-2.0 */
/* See lost_and_found.h. */
#include "local/lost_and_found.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool lost_and_found_is_shut(int directory, const char *path)
{
	struct stat status;

	return strcmp(path, LOST_AND_FOUND) == 0 &&
	       fstatat(directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(status.st_mode) && faccessat(directory, path, R_OK | X_OK, AT_EACCESS) < 0 &&
	       errno == EACCES;
}
