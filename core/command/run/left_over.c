/* SPDX-License-Identifier: Apache-2.0 */
/* See left_over.h. */
#include "command/run/left_over.h"
#include "command/run/guard.h"
#include "command/run/signals.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE     5.0
#define LOOK_SECONDS 0.05

struct ending {
	struct processes all;
	pid_t *asked; /* those that have got their SIGTERM */
	size_t count;
	bool kills;
};

static bool is_flytectx(pid_t pid)
{
	struct stat one, other;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	return stat(path, &one) == 0 && stat("/proc/self/exe", &other) == 0 &&
	       one.st_ino == other.st_ino && one.st_dev == other.st_dev;
}

/* Is it below a flytectx that is itself below this one? */
static bool is_of_another(const struct processes *all, const struct process *process, pid_t root)
{
	for (size_t depth = 0; process && process->parent != root && depth < all->count; depth++) {
		process = below_find(all, process->parent);
		if (process && is_flytectx(process->pid))
			return true;
	}
	return false;
}

static bool was_asked(const struct ending *ending, pid_t pid)
{
	for (size_t i = 0; i < ending->count; i++)
		if (ending->asked[i] == pid)
			return true;
	return false;
}

static void ask(struct ending *ending, pid_t pid)
{
	pid_t *more = realloc(ending->asked, (ending->count + 1) * sizeof(pid_t));

	if (more) {
		ending->asked = more;
		ending->asked[ending->count++] = pid;
	}
	kill(pid, SIGTERM);
}

/* How many are left. */
static size_t act(struct ending *ending, pid_t root)
{
	size_t left = 0;

	for (size_t i = 0; i < ending->all.count; i++) {
		const struct process *process = &ending->all.items[i];

		if (process->is_below != 1)
			continue;
		if (strchr("ZXx", process->state)) {
			if (process->parent == root)
				waitpid(process->pid, NULL, WNOHANG);
			continue;
		}
		left++;
		if (is_of_another(&ending->all, process, root))
			continue;
		if (!was_asked(ending, process->pid))
			ask(ending, process->pid);
		else if (ending->kills && !is_flytectx(process->pid))
			kill(process->pid, SIGKILL);
	}
	return left;
}

bool left_over_end(const struct helpers *helpers)
{
	const double until = monotonic_now() + PATIENCE;
	struct ending ending = { 0 };
	bool heard = false;

	while (below_look(helpers, &ending.all) && act(&ending, helpers->root)) {
		if (signals_wait_end(monotonic_now() + LOOK_SECONDS)) {
			heard = ending.kills = true;
			ending.count = 0;
		}
		ending.kills |= monotonic_now() >= until;
	}
	free(ending.all.items);
	free(ending.asked);
	return heard;
}
