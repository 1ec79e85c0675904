/* SPDX-License-Identifier: Apache-2.0 */
/* See seen_process.h. */
#include "command/look/seen_process.h"
#include "command/look/environment_context.h"
#include "command/look/live_thread.h"
#include "command/look/process_environ.h"
#include "command/look/process_files.h"
#include "command/terminal/memory.h"
#include "context/env.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is known of a process while its threads are looked at. */
struct watched {
	struct seen_process *seen;
	struct live_process live;
	bool is_live; /* its library was found */
	bool all_threads;
	struct seen_context start; /* what its environment says */
};

/* --- what it was started with --------------------------------------------------------------- */

static struct seen_context from_environment(char *const envp[])
{
	struct context context = { 0 };
	enum wire_error error;
	const struct flyte_task_context *task = &context.task;
	struct seen_context seen = { .from = SEEN_NONE };

	if (environment_try(envp, &context, &error) == ENVIRONMENT_NONE)
		return seen;
	return (struct seen_context) { .from = SEEN_START,
				       .action = task->action.name,
				       .run = task->action.run_name,
				       .group = task->group,
				       .count = task->custom_context.count,
				       .pairs = task->custom_context.items };
}

static bool is_switched_off(char *const envp[])
{
	const char *value = env_get(envp, "FLYTECTX_DISABLE=");

	return value && !strcmp(value, "1");
}

static void look_at_start(struct watched *watched)
{
	char **envp = process_environ_try(watched->seen->pid);

	if (!envp) {
		watched->start.from = errno == EACCES || errno == EPERM ? SEEN_DENIED : SEEN_NONE;
		return;
	}
	watched->start = from_environment(envp);
	watched->is_live = !is_switched_off(envp);
}

/* --- now ----------------------------------------------------------------------------------- */

static char *room(void)
{
	static char *memory;

	if (!memory)
		memory = malloc(LIVE_ROOM);
	return memory ? memory : (memory = memory_get(LIVE_ROOM));
}

/* What it has; LIVE_UNREADABLE too where it has ended meanwhile, and its memory may be another's.
 */
static enum live_answer ask(struct watched *watched, pid_t tid, struct live_seen *live)
{
	struct foreign_memory memory = watched->live.memory;
	pid_t inner = watched->seen->space ? process_inner_number(watched->seen->pid, tid) : tid;
	uint64_t pointer;
	enum live_answer answer;

	memory.budget = FOREIGN_BUDGET;
	pointer = live_thread_pointer(&watched->live, &memory, tid, inner);
	if (!pointer)
		return LIVE_AS_STARTED;
	answer = live_context_read(&memory, &watched->live.library, pointer, live);
	if (live_thread_pointer(&watched->live, &memory, tid, inner) != pointer)
		return LIVE_UNREADABLE;
	return answer;
}

/* The answer points into room(). */
static struct seen_context look_live(struct watched *watched, pid_t tid)
{
	struct live_seen live = { .room = room() };
	const struct seen_context none = { .from = SEEN_NONE }, moved = { .from = SEEN_MOVED };

	switch (ask(watched, tid, &live)) {
	case LIVE_CONTEXT:
		return (struct seen_context) { SEEN_LIVE,  live.action, live.run,
					       live.group, live.count,  live.pairs };
	case LIVE_AS_STARTED:
		return watched->start;
	case LIVE_OUTSIDE:
		return none;
	default:
		return moved;
	}
}

static struct seen_context look_at(struct watched *watched, pid_t tid)
{
	return watched->is_live ? look_live(watched, tid) : watched->start;
}

/* --- threads ------------------------------------------------------------------------------- */

static bool add_thread(int tid, void *argument)
{
	struct watched *watched = argument;
	struct seen_process *seen = watched->seen;
	struct seen_context context;
	const char *name;

	seen->threads_all++;
	if (tid == seen->pid || (!watched->is_live && !watched->all_threads))
		return true;
	context = look_at(watched, tid);
	if (!watched->all_threads && seen_is_same(&context, &seen->context))
		return true;
	name = process_thread_name(seen->pid, tid);
	/* It has ended meanwhile. */
	if (!*name)
		return true;
	/* Grows at each power of two. */
	if (!(seen->thread_count & (seen->thread_count - 1)))
		seen->threads = memory_more(seen->threads,
					    (seen->thread_count * 2 + 1) * sizeof(*seen->threads));
	seen->threads[seen->thread_count++] =
		(struct seen_thread) { tid, name, seen_keep(&context) };
	return true;
}

static void find_library(struct watched *watched)
{
	watched->live.memory = foreign_memory_of(watched->seen->pid);
	watched->is_live =
		watched->is_live &&
		live_library_find(&watched->live.memory, &watched->live.library) == LIVE_FOUND;
}

bool seen_process_look(pid_t pid, bool all_threads, struct seen_process *process)
{
	struct watched watched = { .seen = process, .all_threads = all_threads };
	struct seen_context context;
	char path[64];

	*process = (struct seen_process) { .pid = pid };
	if (!process_read_stat(pid, &process->parent, &process->name))
		return false;
	look_at_start(&watched);
	process->command = process_command(pid, process->name);
	process->space = process_space(pid);
	process->inner = process->space ? process_inner_number(pid, pid) : pid;
	find_library(&watched);
	context = look_at(&watched, pid);
	process->context = seen_keep(&context);
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	process_each_number(path, add_thread, &watched);
	free(watched.live.ring);
	return true;
}

struct all {
	struct seen_processes processes;
	bool all_threads;
};

static bool add_process(int pid, void *argument)
{
	struct all *all = argument;
	struct seen_processes *processes = &all->processes;

	if (pid == getpid())
		return true;
	if (!(processes->count & (processes->count - 1)))
		processes->items = memory_more(processes->items, (processes->count * 2 + 1) *
									 sizeof(*processes->items));
	if (seen_process_look(pid, all->all_threads, &processes->items[processes->count]))
		processes->count++;
	return true;
}

static int by_pid(const void *a, const void *b)
{
	const struct seen_process *one = a, *other = b;

	return (one->pid > other->pid) - (one->pid < other->pid);
}

struct seen_processes seen_processes_look(bool all_threads)
{
	struct all all = { .all_threads = all_threads };

	process_each_number("/proc", add_process, &all);
	if (all.processes.count)
		qsort(all.processes.items, all.processes.count, sizeof(*all.processes.items),
		      by_pid);
	return all.processes;
}
