/* SPDX-License-Identifier: Apache-2.0 */
/* See stop_processes.h. */
#include "command/run/stop_processes.h"
#include "command/look/process_files.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What does not stand still by then is let go on, to be tried again a little later. */
#define STANDSTILL_SECONDS 0.1

static bool is_still(char state)
{
	return strchr("TtZXx", state) != NULL;
}

static bool look_at_thread(int thread, void *argument)
{
	struct process *process = argument;
	char path[64], text[512];
	const char *end;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", process->pid, thread);
	process_read_file(path, text, sizeof(text));
	end = strrchr(text, ')');
	if (end && end[1] && !is_still(end[2])) {
		process->is_still = false;
		process->is_blocked |= end[2] == 'D';
	}
	return true;
}

/* Does it stand still with all of its threads, or is one in a call that can't be interrupted? */
static void look_at(struct process *process)
{
	char path[64];

	process->is_still = is_still(process->state);
	process->is_blocked = process->state == 'D';
	snprintf(path, sizeof(path), "/proc/%d/task", process->pid);
	process_each_number(path, look_at_thread, process);
}

static const struct stopped *find_stopped(const struct guarded *guarded,
					  const struct process *process)
{
	for (unsigned i = atomic_load(&guarded->count); i-- > 0;)
		if (guarded->items[i].pid == process->pid &&
		    guarded->items[i].start == process->start)
			return &guarded->items[i];
	return NULL;
}

/*
 * The parent of a child of vfork() can't be stopped before the child execs or ends: a child of a
 * parent that is blocked goes on until then.
 */
static bool act_on(struct guarded *guarded, const struct processes *all,
		   const struct process *process)
{
	const struct process *parent = below_find(all, process->parent);
	bool is_ours = find_stopped(guarded, process);

	if (parent && parent->is_below == 1 && parent->is_blocked) {
		/* One that is traced stands in another state. */
		if (is_ours && (process->state == 'T' || process->state == 't'))
			kill(process->pid, SIGCONT);
	} else if (!process->is_still && !is_ours) {
		return stop_add(guarded, process->pid, process->start);
	} else if (!process->is_still && !process->is_blocked) {
		kill(process->pid, SIGSTOP);
	}
	return true;
}

/* One look around: do all stand still? Stops those that don't. */
static enum stop_result stop_all(struct guarded *guarded, const struct helpers *helpers,
				 struct processes *all)
{
	enum stop_result result = STOPPED;

	if (!below_look(helpers, all))
		return STOP_LOST;
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i].is_below == 1 && !strchr("ZXx", all->items[i].state))
			look_at(&all->items[i]);
	for (size_t i = 0; i < all->count; i++) {
		const struct process *process = &all->items[i];

		if (process->is_below != 1 || strchr("ZXx", process->state))
			continue;
		if (!act_on(guarded, all, process))
			return STOP_LOST;
		if (!process->is_still)
			result = STOP_AGAIN;
	}
	return result;
}

enum stop_result stop_processes(struct guarded *guarded, const struct helpers *helpers,
				struct processes *all)
{
	const struct timespec moment = { 0, 1000000 };
	const double end = monotonic_now() + STANDSTILL_SECONDS;
	enum stop_result result;

	stop_begin(guarded);
	for (;;) {
		result = stop_all(guarded, helpers, all);
		if (result != STOP_AGAIN || monotonic_now() >= end)
			break;
		nanosleep(&moment, NULL);
	}
	if (result != STOPPED && !stop_end(guarded))
		result = STOP_LOST;
	return result;
}

bool stop_holds(const struct guarded *guarded)
{
	for (unsigned i = 0; i < atomic_load(&guarded->count); i++) {
		char state = below_state(guarded->items[i].pid, guarded->items[i].start);

		if (state && !is_still(state))
			return false;
	}
	return atomic_load(&guarded->state) == STOP_ON;
}
