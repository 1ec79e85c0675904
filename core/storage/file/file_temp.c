/* SPDX-License-Identifier: Apache-2.0 */
/* See file_temp.h. */
#include "storage/file/file_temp.h"
#include "storage/storage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX ".flytectx-"
#define DIGITS "0123456789abcdef"

bool file_temp_is(const char *name)
{
	if (strncmp(name, PREFIX, strlen(PREFIX)) != 0)
		return false;
	name += strlen(PREFIX);
	return strspn(name, DIGITS) == 16 && name[16] == '-' && strspn(name + 17, DIGITS) == 8 &&
	       !name[25];
}

/* What all temporary files of a target begin with; the name itself could be too long. */
static void temp_prefix(const char *name, char prefix[FILE_TEMP_MAX])
{
	snprintf(prefix, FILE_TEMP_MAX, PREFIX "%016" PRIx64 "-",
		 storage_checksum(0, name, strlen(name)));
}

/* A cleaner may have taken it between our open and our lock. */
static bool still_named(int directory, const char *temp, int fd)
{
	struct stat there, here;

	return fstat(fd, &here) == 0 &&
	       fstatat(directory, temp, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	       there.st_ino == here.st_ino && there.st_dev == here.st_dev;
}

int file_temp_make(int directory, const char *name, char temp[FILE_TEMP_MAX])
{
	char prefix[FILE_TEMP_MAX];
	uint32_t number;
	int fd;

	temp_prefix(name, prefix);
	for (;;) {
		if (getrandom(&number, sizeof(number), 0) != sizeof(number))
			return -1;
		snprintf(temp, FILE_TEMP_MAX, "%.27s%08" PRIx32, prefix, number);
		fd = openat(directory, temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd < 0 && errno != EEXIST)
			return -1;
		if (fd < 0)
			continue;
		/* Where the file system has no locks, a cleaner gets none either. */
		if ((flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) &&
		    still_named(directory, temp, fd))
			return fd;
		close(fd);
	}
}

static void clean_one(int directory, const char *temp)
{
	/* NFS locks what is open for writing; a file that we may not write to is locked elsewhere.
	 */
	int fd = openat(directory, temp, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		fd = openat(directory, temp, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlinkat(directory, temp, 0);
	close(fd);
}

void file_temp_clean(int directory, const char *name)
{
	char prefix[FILE_TEMP_MAX];
	const struct dirent *entry;
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);

	if (!list) {
		if (fd >= 0)
			close(fd);
		return;
	}
	temp_prefix(name, prefix);
	while ((entry = readdir(list)))
		if (!strncmp(entry->d_name, prefix, strlen(prefix)))
			clean_one(directory, entry->d_name);
	closedir(list);
}
