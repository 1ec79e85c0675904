/* SPDX-License-Identifier: Apache-2.0 */
/* See quiet.h. */
#include "command/run/quiet.h"
#include "command/look/process_files.h"
#include "command/run/guard.h"
#include "command/terminal/memory.h"

#include <bsd/string.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct search {
	const char *directory;
	pid_t pid;
	struct looks *before, now;
	double time, settled;
	bool recent;
	char path[PATH_MAX]; /* the one that is looked at */
	char busy[PATH_MAX]; /* the first that is written to */
};

static bool is_in(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	return strncmp(path, directory, length) == 0 && path[length] == '/';
}

static bool is_open_for_writing(pid_t pid, int fd)
{
	unsigned flags = O_RDONLY;
	char path[64], line[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", pid, fd);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "flags: %o", &flags) == 1)
			break;
	if (file)
		fclose(file);
	return (flags & O_ACCMODE) != O_RDONLY && !(flags & O_APPEND);
}

static bool same_time(struct timespec one, struct timespec other)
{
	return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

static const struct look *find_same(const struct looks *looks, const struct look *look)
{
	for (size_t i = 0; i < looks->count; i++) {
		const struct look *item = &looks->items[i];

		if (item->device == look->device && item->inode == look->inode)
			return item->size == look->size && same_time(item->mtime, look->mtime) &&
					       same_time(item->ctime, look->ctime)
				       ? item
				       : NULL;
	}
	return NULL;
}

static bool is_recent(const struct stat *status)
{
	struct timespec now;
	time_t age;

	clock_gettime(CLOCK_REALTIME, &now);
	age = now.tv_sec - status->st_mtim.tv_sec;
	return age >= 0 && age <= 1;
}

static void note(struct search *search, const struct stat *status)
{
	struct look look = { status->st_dev,  status->st_ino,  status->st_size,
			     status->st_mtim, status->st_ctim, search->time };
	const struct look *before = find_same(search->before, &look);
	struct looks *now = &search->now;

	if (before)
		look.since = before->since;
	if (!*search->busy && (!before || search->time - look.since < search->settled ||
			       (search->recent && is_recent(status))))
		strcpy(search->busy, search->path);
	if (now->count == now->room) {
		now->room = now->room * 2 + 16;
		now->items = memory_more(now->items, now->room * sizeof(look));
	}
	now->items[now->count++] = look;
}

static bool look_at_descriptor(int fd, void *argument)
{
	struct search *search = argument;
	struct stat status;
	char path[64];
	ssize_t count;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", search->pid, fd);
	count = readlink(path, search->path, sizeof(search->path) - 1);
	search->path[count > 0 ? count : 0] = '\0';
	/* One that has no name any more is no file of the directory. */
	if (is_in(search->path, search->directory) && is_open_for_writing(search->pid, fd) &&
	    stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink > 0)
		note(search, &status);
	return true;
}

/* "START-END rw-s OFFSET DEVICE INODE          PATH" */
static void look_at_maps(struct search *search)
{
	static char line[PATH_MAX + 128];
	char path[64], access[8];
	FILE *file;
	int at = 0;

	snprintf(path, sizeof(path), "/proc/%d/maps", search->pid);
	file = fopen(path, "re");
	while (file && !*search->busy && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%*s %7s %*s %*s %*s %n", access, &at) != 1 || access[1] != 'w' ||
		    access[3] != 's' || !is_in(line + at, search->directory))
			continue;
		if (strlen(line + at) > 10 && !strcmp(line + strlen(line) - 10, " (deleted)"))
			continue;
		strlcpy(search->busy, line + at, sizeof(search->busy));
	}
	if (file)
		fclose(file);
}

const char *quiet_look(struct looks *looks, const struct processes *all, const char *directory,
		       double settled, bool recent)
{
	static struct search search;
	char path[64];

	search = (struct search) { .directory = directory,
				   .before = looks,
				   .time = monotonic_now(),
				   .settled = settled,
				   .recent = recent };
	for (size_t i = 0; i < all->count; i++) {
		if (all->items[i].is_below != 1)
			continue;
		search.pid = all->items[i].pid;
		snprintf(path, sizeof(path), "/proc/%d/fd", search.pid);
		process_each_number(path, look_at_descriptor, &search);
		look_at_maps(&search);
	}
	free(looks->items);
	*looks = search.now;
	return *search.busy ? search.busy : NULL;
}
