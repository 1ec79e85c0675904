/* SPDX-License-Identifier: Apache-2.0 */
/* See unpack_attributes.h. */
#include "checkpoint/archive/unpack_attributes.h"

#include <errno.h>
#include <fcntl.h>

/* Does the file system have no such thing, or not for us? */
static bool is_refused(void)
{
	return errno == EPERM || errno == EACCES || errno == EOPNOTSUPP || errno == ENOSYS ||
	       errno == EINVAL || errno == EROFS;
}

bool unpack_attributes_set(int fd, mode_t mode, struct timespec mtime)
{
	const struct timespec times[] = { { .tv_nsec = UTIME_OMIT }, mtime };

	return (futimens(fd, times) == 0 || is_refused()) &&
	       (fchmod(fd, mode) == 0 || is_refused());
}

bool unpack_attributes_set_at(int directory, const char *name, mode_t mode, struct timespec mtime)
{
	const struct timespec times[] = { { .tv_nsec = UTIME_OMIT }, mtime };

	return (utimensat(directory, name, times, AT_SYMLINK_NOFOLLOW) == 0 || is_refused()) &&
	       (fchmodat(directory, name, mode, 0) == 0 || is_refused());
}
