/* SPDX-License-Identifier: Apache-2.0 */
/* See copy_file.h. */
#include "command/run/copy_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PIECE ((size_t)8 << 20) /* a few milliseconds */

/* Copies a stretch without holes. */
static bool copy_stretch(int in, int out, off_t start, off_t end, bool (*is_late)(void *argument),
			 void *argument)
{
	char buffer[65536];

	while (start < end) {
		size_t left = (size_t)(end - start), size = left < PIECE ? left : PIECE;
		off_t from = start, to = start;
		ssize_t count = copy_file_range(in, &from, out, &to, size, 0);

		if (is_late(argument)) {
			errno = 0;
			return false;
		}
		/* Not between these two: by hand. */
		if (count < 0 && (errno == EXDEV || errno == EINVAL || errno == ENOSYS ||
				  errno == EOPNOTSUPP || errno == EPERM)) {
			count = pread(in, buffer, left < sizeof(buffer) ? left : sizeof(buffer),
				      start);
			if (count > 0)
				count = pwrite(out, buffer, (size_t)count, start);
		}
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return false;
		/* It has become shorter; its next look says so. */
		if (count == 0)
			break;
		start += count;
	}
	return true;
}

static bool copy_data(int in, int out, off_t size, bool (*is_late)(void *argument), void *argument)
{
	off_t start = 0, end;

	while (start < size) {
		start = lseek(in, start, SEEK_DATA);
		if (start < 0 && errno == ENXIO)
			break;
		if (start < 0)
			return copy_stretch(in, out, 0, size, is_late, argument);
		end = lseek(in, start, SEEK_HOLE);
		if (end < 0 || end > size)
			end = size;
		if (!copy_stretch(in, out, start, end, is_late, argument))
			return false;
		start = end;
	}
	return ftruncate(out, size) == 0;
}

bool copy_file(int in, const struct stat *status, int target, const char *name,
	       bool (*is_late)(void *argument), void *argument)
{
	const struct timespec times[] = { status->st_atim, status->st_mtim };
	int out = openat(target, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int number;
	bool good;

	if (out < 0)
		return false;
	good = ioctl(out, FICLONE, in) == 0 ||
	       copy_data(in, out, status->st_size, is_late, argument);
	/* Numbers of other owners are kept where they can be. */
	if (good && fchown(out, status->st_uid, status->st_gid) < 0)
		errno = 0;
	good = good && fchmod(out, status->st_mode & 07777) == 0 && futimens(out, times) == 0;
	number = errno;
	close(out);
	if (!good)
		unlinkat(target, name, 0);
	errno = number;
	return good;
}

bool copy_status(int target, const char *name, const struct stat *status)
{
	const struct timespec times[] = { status->st_atim, status->st_mtim };

	if (fchownat(target, name, status->st_uid, status->st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		errno = 0;
	return (S_ISLNK(status->st_mode) ||
		fchmodat(target, name, status->st_mode & 07777, 0) == 0) &&
	       utimensat(target, name, times, AT_SYMLINK_NOFOLLOW) == 0;
}
