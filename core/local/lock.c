/* SPDX-License-Identifier: Apache-2.0 */
/* See lock.h. */
#include "local/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* "1: FLOCK  ADVISORY  WRITE 1234 fe:00:131073 0 EOF"; one that waits has "->" behind its number.
 */
static pid_t find_owner(int fd)
{
	FILE *file = fopen("/proc/locks", "re");
	unsigned major_number, minor_number;
	unsigned long inode;
	struct stat status;
	char line[256];
	pid_t owner = 0, pid;

	if (fstat(fd, &status) < 0)
		status.st_ino = 0;
	while (file && !owner && fgets(line, sizeof(line), file))
		if (sscanf(line, "%*d: FLOCK %*s %*s %d %x:%x:%lu", &pid, &major_number,
			   &minor_number, &inode) == 4 &&
		    inode == status.st_ino && major_number == major(status.st_dev) &&
		    minor_number == minor(status.st_dev))
			owner = pid > 0 ? pid : 0;
	if (file)
		fclose(file);
	return owner;
}

enum lock_result lock_take(int fd, bool is_shared, pid_t *owner)
{
	*owner = 0;
	while (flock(fd, (is_shared ? LOCK_SH : LOCK_EX) | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return LOCK_NONE;
		*owner = find_owner(fd);
		return LOCK_IN_USE;
	}
	return LOCK_TAKEN;
}

static bool is_still_named(int directory, const char *name, int fd)
{
	struct stat there, here;

	return fstat(fd, &here) == 0 &&
	       fstatat(directory, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	       there.st_ino == here.st_ino && there.st_dev == here.st_dev;
}

int lock_file_open(int directory, const char *name, bool is_shared, enum lock_result *result,
		   pid_t *owner)
{
	for (;;) {
		/* Open for writing: NFS has no other exclusive locks. */
		int fd = openat(directory, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

		*result = LOCK_NONE;
		if (fd < 0)
			return -1;
		*result = lock_take(fd, is_shared, owner);
		/* Its last owner may have removed it in between. */
		if (*result == LOCK_TAKEN && is_still_named(directory, name, fd))
			return fd;
		if (*result == LOCK_NONE)
			unlinkat(directory, name, 0);
		close(fd);
		if (*result != LOCK_TAKEN)
			return -1;
	}
}
