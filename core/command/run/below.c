/* SPDX-License-Identifier: Apache-2.0 */
/* See below.h. */
#include "command/run/below.h"
#include "command/look/process_files.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A line of /proc/PID/stat: the state behind the name, which may have any character in it. */
static bool read_stat(pid_t pid, struct process *process)
{
	char path[64], text[512];
	const char *end;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	process_read_file(path, text, sizeof(text));
	end = strrchr(text, ')');
	process->pid = pid;
	process->is_below = -1;
	process->is_still = process->is_blocked = false;
	return end && sscanf(end + 1,
			     " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
			     "%*d %*d %" SCNu64,
			     &process->state, &process->parent, &process->start) == 3;
}

static bool add(int pid, void *argument)
{
	struct processes *all = argument;
	struct process process;

	if (!read_stat(pid, &process))
		return true;
	if (all->count == all->room) {
		size_t room = all->room * 2 + 256;
		void *more = realloc(all->items, room * sizeof(process));

		if (!more)
			return false;
		all->items = more;
		all->room = room;
	}
	all->items[all->count++] = process;
	return true;
}

static int by_pid(const void *a, const void *b)
{
	const struct process *one = a, *other = b;

	return (one->pid > other->pid) - (one->pid < other->pid);
}

struct process *below_find(const struct processes *all, pid_t pid)
{
	const struct process key = { .pid = pid };

	return bsearch(&key, all->items, all->count, sizeof(key), by_pid);
}

static bool is_helper(const struct helpers *helpers, pid_t pid)
{
	for (size_t i = 0; i < sizeof(helpers->pids) / sizeof(*helpers->pids); i++)
		if (helpers->pids[i] == pid)
			return true;
	return false;
}

/* Up to the root, to a process that is known, or to the top; then all on the way are known. */
static void mark(const struct helpers *helpers, struct processes *all, struct process *start)
{
	struct process *process = start;
	signed char answer = 0;

	for (size_t depth = 0; process && depth <= all->count; depth++) {
		if (process->is_below >= 0) {
			answer = process->is_below;
			break;
		}
		if (is_helper(helpers, process->pid))
			break;
		if (process->parent == helpers->root) {
			answer = 1;
			break;
		}
		process = below_find(all, process->parent);
	}
	for (process = start; process && process->is_below < 0;) {
		process->is_below = answer;
		if (process->parent == helpers->root)
			break;
		process = below_find(all, process->parent);
	}
}

bool below_look(const struct helpers *helpers, struct processes *all)
{
	all->count = 0;
	if (!process_each_number("/proc", add, all))
		return false;
	qsort(all->items, all->count, sizeof(*all->items), by_pid);
	for (size_t i = 0; i < all->count; i++)
		mark(helpers, all, &all->items[i]);
	return true;
}

char below_state(pid_t pid, uint64_t start)
{
	struct process process;

	return read_stat(pid, &process) && (!start || process.start == start) ? process.state
									      : '\0';
}

pid_t below_parent(pid_t pid)
{
	struct process process;

	return read_stat(pid, &process) ? process.parent : 0;
}

bool below_is_shown(void)
{
	struct process process;
	char text[32] = "";

	/* Of another pid namespace it shows none, or another process under our number. */
	return readlink("/proc/self", text, sizeof(text) - 1) > 0 && atoi(text) == getpid() &&
	       read_stat(getpid(), &process) && process.parent == getppid();
}
