/* SPDX-License-Identifier: Apache-2.0 */
/* See stop_processes.h. */
#include "command/run/stop_processes.h"
#include "command/terminal/memory.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TRIES   5000 /* of a millisecond each */
#define SETTLED 1    /* seconds */

/* A line of /proc/PID/stat: the state behind the name, which may have any character in it. */
static bool read_stat(const char *path, char *state, pid_t *parent)
{
	char text[512];
	FILE *file = fopen(path, "re");
	size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
	const char *end;

	if (file)
		fclose(file);
	text[length] = '\0';
	end = strrchr(text, ')');
	return end && sscanf(end + 1, " %c %d", state, parent) == 2;
}

static bool is_still(char state)
{
	return strchr("TtZXx", state) != NULL;
}

/* Calls `visit` for each number that is a name in the directory; false ends it, and is returned. */
static bool each_number(const char *directory, bool (*visit)(int number, void *argument),
			void *argument)
{
	DIR *list = opendir(directory);
	const struct dirent *entry;
	bool good = true;

	while (list && good && (entry = readdir(list)))
		if (isdigit((unsigned char)entry->d_name[0]))
			good = visit(atoi(entry->d_name), argument);
	if (list)
		closedir(list);
	return good;
}

/* --- who is below us --------------------------------------------------------------------- */

struct process {
	pid_t pid, parent;
	char state;
};

struct processes {
	struct process *items;
	size_t count, room;
};

static bool add_process(int pid, void *argument)
{
	struct processes *all = argument;
	struct process process = { .pid = pid };
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (!read_stat(path, &process.state, &process.parent))
		return true;
	if (all->count == all->room) {
		all->room = all->room * 2 + 64;
		all->items = memory_more(all->items, all->room * sizeof(process));
	}
	all->items[all->count++] = process;
	return true;
}

static const struct process *find(const struct processes *all, pid_t pid)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i].pid == pid)
			return &all->items[i];
	return NULL;
}

static bool is_below(const struct processes *all, const struct process *process)
{
	for (int depth = 0; process && depth < 1000; depth++) {
		if (process->parent == getpid())
			return true;
		process = find(all, process->parent);
	}
	return false;
}

/* --- stopping ---------------------------------------------------------------------------- */

static bool has(const struct frozen *frozen, pid_t pid)
{
	for (size_t i = 0; i < frozen->count; i++)
		if (frozen->pids[i] == pid)
			return true;
	return false;
}

static void stop(struct frozen *frozen, pid_t pid)
{
	pid_t *more = realloc(frozen->pids, (frozen->count + 1) * sizeof(pid_t));

	if (more)
		frozen->pids = more;
	if (more && kill(pid, SIGSTOP) == 0)
		frozen->pids[frozen->count++] = pid;
}

static bool thread_is_still(int thread, void *argument)
{
	char path[64], state;
	pid_t parent;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", *(pid_t *)argument, thread);
	return !read_stat(path, &state, &parent) || is_still(state);
}

/* One look around: are all that are below us stopped? Stops those that are not. */
static bool stop_all(struct frozen *frozen)
{
	struct processes all = { 0 };
	bool still = true;
	char path[64];

	each_number("/proc", add_process, &all);
	for (size_t i = 0; i < all.count; i++) {
		struct process *process = &all.items[i];

		if (!is_below(&all, process) || strchr("ZXx", process->state))
			continue;
		if (!is_still(process->state) && !has(frozen, process->pid))
			stop(frozen, process->pid);
		snprintf(path, sizeof(path), "/proc/%d/task", process->pid);
		still = still && is_still(process->state) &&
			each_number(path, thread_is_still, &process->pid);
	}
	free(all.items);
	return still;
}

bool freeze(struct frozen *frozen)
{
	const struct timespec moment = { 0, 1000000 };

	*frozen = (struct frozen) { 0 };
	for (int i = 0; i < TRIES; i++) {
		if (stop_all(frozen))
			return true;
		nanosleep(&moment, NULL);
	}
	thaw(frozen);
	return false;
}

void thaw(struct frozen *frozen)
{
	for (size_t i = frozen->count; i-- > 0;)
		kill(frozen->pids[i], SIGCONT);
	free(frozen->pids);
	*frozen = (struct frozen) { 0 };
}

/* --- what they write --------------------------------------------------------------------- */

struct search {
	pid_t pid;
	const char *directory;
	char path[PATH_MAX];
};

static bool is_recent(const char *path)
{
	struct timespec now;
	struct stat status;

	clock_gettime(CLOCK_REALTIME, &now);
	/* One that has no name any more is no file of the directory. */
	return stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink > 0 &&
	       now.tv_sec - status.st_mtim.tv_sec <= SETTLED;
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

/* False: this one is what is searched for. */
static bool look_at(int fd, void *argument)
{
	struct search *search = argument;
	size_t length = strlen(search->directory);
	char path[64];
	ssize_t count;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", search->pid, fd);
	count = readlink(path, search->path, sizeof(search->path) - 1);
	if (count <= (ssize_t)length)
		return true;
	search->path[count] = '\0';
	return strncmp(search->path, search->directory, length) != 0 ||
	       search->path[length] != '/' || !is_open_for_writing(search->pid, fd) ||
	       !is_recent(path);
}

const char *frozen_writes(const struct frozen *frozen, const char *directory)
{
	static struct search search;
	char path[64];

	search.directory = directory;
	for (size_t i = 0; i < frozen->count; i++) {
		search.pid = frozen->pids[i];
		snprintf(path, sizeof(path), "/proc/%d/fd", search.pid);
		if (!each_number(path, look_at, &search))
			return search.path;
	}
	return NULL;
}
