/* SPDX-License-Identifier: Apache-2.0 */
/* See swap_names.h. */
#include "checkpoint/swap_names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* All names first: a list that is read while names come and go may have some twice, or not. */
static char *read_all(int directory, size_t *size)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), number;
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	char *names = NULL;
	FILE *text = list ? open_memstream(&names, size) : NULL;

	for (errno = 0; text && (entry = readdir(list)); errno = 0)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			fwrite(entry->d_name, 1, strlen(entry->d_name) + 1, text);
	number = text ? errno : errno ? errno : ENOMEM;
	if (text && fclose(text) != 0 && !number)
		number = ENOMEM;
	if (list)
		closedir(list);
	if (number) {
		free(names);
		names = NULL;
	}
	errno = number;
	return names;
}

bool each_name(int directory, bool (*act)(void *argument, const char *name), void *argument)
{
	size_t size = 0;
	char *names = read_all(directory, &size);
	bool good = names;
	int number;

	for (char *name = names; good && name < names + size; name += strlen(name) + 1)
		good = act(argument, name);
	number = errno;
	free(names);
	errno = number;
	return good;
}

/* In mountinfo blanks and the like are \ooo. */
static void decode(char *path)
{
	char *to = path;

	for (; *path; path++, to++) {
		*to = *path;
		if (path[0] == '\\' && path[1] && path[2] && path[3]) {
			*to = (char)((path[1] - '0') * 64 + (path[2] - '0') * 8 + path[3] - '0');
			path += 3;
		}
	}
	*to = '\0';
}

static bool has_mount(const char *path, const char *name)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char line[2 * PATH_MAX], whole[PATH_MAX + NAME_MAX], mount[PATH_MAX];
	bool found = false;
	size_t length;

	length = (size_t)snprintf(whole, sizeof(whole), "%s/%s", path, name);
	while (file && !found && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*s %*s %*s %*s %4095s", mount) != 1)
			continue;
		decode(mount);
		found = strncmp(mount, whole, length) == 0 &&
			(!mount[length] || mount[length] == '/');
	}
	if (file)
		fclose(file);
	return found;
}

int why_fixed(int directory, const char *path, const char *name)
{
	struct stat status, own;

	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0 ||
	    fstat(directory, &own) < 0 || !S_ISDIR(status.st_mode))
		return has_mount(path, name) ? EBUSY : 0;
	if (status.st_dev != own.st_dev || has_mount(path, name))
		return EBUSY;
	if (geteuid() != 0 && status.st_uid != geteuid() &&
	    faccessat(directory, name, W_OK, AT_EACCESS) < 0)
		return EACCES;
	return 0;
}

bool move_entry(int from, const char *name, int to)
{
	struct stat status;

	if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	if (!S_ISDIR(status.st_mode) || status.st_mode & S_IWUSR)
		return renameat(from, name, to, name) == 0;
	return fchmodat(from, name, status.st_mode | S_IWUSR, 0) == 0 &&
	       renameat(from, name, to, name) == 0 &&
	       fchmodat(to, name, status.st_mode & 07777, 0) == 0;
}
