/* SPDX-License-Identifier: Apache-2.0 */
/* See snapshot.h: the child that takes a snapshot and saves it. */
#include "command/run/snapshot_work.h"
#include "command/run/stop_processes.h"
#include "command/terminal/memory.h"
#include "command/terminal/message.h"

#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* A file that has not changed for so long is not in the middle of being written. */
#define SETTLED_SECONDS 1.0
#define SETTLED_AT_TERM 0.03

/* How long a quiet moment is looked for: as long as T, within these. */
#define PATIENCE_MIN 2.0
#define PATIENCE_MAX 10.0

/* Between two stops of a busy tool: at most this long, at random, so as not to keep its step. */
#define PAUSE_MAX 50000000u /* nanoseconds */

static pid_t supervisor;
static volatile sig_atomic_t cancelled;

static void cancel(int number)
{
	(void)number;
	cancelled = 1;
}

bool work_is_cancelled(void)
{
	return cancelled;
}

bool work_is_over(void)
{
	return cancelled || getppid() != supervisor;
}

static void pause_for(unsigned nanoseconds)
{
	const struct timespec time = { 0, (long)nanoseconds };

	nanosleep(&time, NULL);
}

/* Signals for the group of flytectx, its limits and its input are not ours. */
static void settle(const struct snapshot *snapshot)
{
	const struct sigaction on_term = { .sa_handler = cancel };
	struct rlimit limit;
	sigset_t set;
	int null;

	supervisor = getppid();
	close(snapshot->life);
	setsid();
	prctl(PR_SET_NAME, "checkpoint-copy");
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	/* A write that is too long is an error. */
	signal(SIGXFSZ, SIG_IGN);
	sigaction(SIGTERM, &on_term, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void work_give_up(const struct work *work, const char *format, ...)
{
	va_list arguments;
	char *why;

	va_start(arguments, format);
	if (vasprintf(&why, format, arguments) < 0)
		why = NULL;
	va_end(arguments);
	if (!work_is_over() && why)
		message_warn(work->snapshot->directory, "not saved, %s", why);
	_exit(SNAPSHOT_FAILED);
}

/* --- the moment --------------------------------------------------------------------------- */

/* A tool that was killed has left its files as they were just then. */
static bool command_runs(const struct work *work)
{
	const struct process *command =
		below_find(&work->all, atomic_load(&work->guarded->command));

	return work->snapshot->kind == SNAPSHOT_FINAL ||
	       (command && command->is_below == 1 && !strchr("ZXx", command->state));
}

static bool copy_stopped(struct work *work)
{
	bool copied;

	work->copy.is_moving = false;
	work->copy.deadline = stop_deadline(work->guarded);
	copied = copy_tree(&work->copy);
	copied = stop_holds(work->guarded) && copied;
	return stop_end(work->guarded) && copied;
}

/* NULL: the copy is made. "": there is no more to be done. */
static const char *try_moment(struct work *work)
{
	const bool at_term = work->snapshot->kind == SNAPSHOT_AT_TERM;
	const char *busy;

	switch (stop_processes(work->guarded, &work->helpers, &work->all)) {
	case STOP_LOST:
		return work_is_over() ? "" : "the time to stop its processes was over";
	case STOP_AGAIN:
		return "some process does not stop";
	case STOPPED:
		break;
	}
	busy = quiet_look(&work->looks, &work->all, work->snapshot->directory,
			  at_term ? SETTLED_AT_TERM : SETTLED_SECONDS, at_term);
	if (busy || !command_runs(work)) {
		stop_end(work->guarded);
		if (busy && at_term)
			strlcpy(work->guarded->busy, busy, sizeof(work->guarded->busy));
		return busy ? memory_text("%s is being written all the time", busy) : "";
	}
	if (copy_stopped(work))
		return NULL;
	if (*work->copy.failure)
		work_give_up(work, "%s", work->copy.failure);
	return work_is_over() ? "" : "more of it changes than can be copied in a moment";
}

/* While CMD runs: what is not changed after that is not copied in the moment itself. */
static void copy_ahead(struct work *work)
{
	work->copy.is_moving = true;
	work->copy.deadline = 0;
	if (!copy_tree(&work->copy) && *work->copy.failure)
		work_give_up(work, "%s", work->copy.failure);
	copy_index_write(&work->copy.before, work->index);
}

__attribute__((noreturn)) static void find_moment(struct work *work)
{
	const double every = work->snapshot->every;
	const double patience = every < PATIENCE_MIN && work->snapshot->kind == SNAPSHOT_EVERY
					? PATIENCE_MIN
				: every < PATIENCE_MAX && every > 0 ? every
								    : PATIENCE_MAX;
	const char *why;
	double until;

	copy_ahead(work);
	until = monotonic_now() + patience;
	while ((why = try_moment(work)) && *why && !work_is_over() && monotonic_now() < until) {
		pause_for(arc4random_uniform(PAUSE_MAX));
		if (!strncmp(why, "more", 4))
			copy_ahead(work);
	}
	atomic_store(&work->guarded->phase, SNAPSHOT_THAWED);
	if (!why)
		work_save_copy(work);
	if (*why)
		work_give_up(work, "%s", why);
	_exit(SNAPSHOT_FAILED);
}

/* Two looks and a copy, in less than 0.2 s. */
__attribute__((noreturn)) static void find_moment_at_term(struct work *work)
{
	const char *why;

	if (below_look(&work->helpers, &work->all))
		quiet_look(&work->looks, &work->all, work->snapshot->directory, 0, true);
	pause_for((unsigned)(SETTLED_AT_TERM * 1e9));
	why = try_moment(work);
	atomic_store(&work->guarded->phase, SNAPSHOT_THAWED);
	if (!why)
		work_save_copy(work);
	_exit(*work->guarded->busy ? SNAPSHOT_BUSY : SNAPSHOT_LATE);
}

/* --- the last one ------------------------------------------------------------------------- */

static bool is_left(struct work *work)
{
	if (!below_look(&work->helpers, &work->all))
		return true;
	for (size_t i = 0; i < work->all.count; i++)
		if (work->all.items[i].is_below == 1 && !strchr("ZXx", work->all.items[i].state))
			return true;
	return false;
}

static bool is_directory(const struct work *work)
{
	int fd = open(work->snapshot->directory, O_PATH | O_DIRECTORY | O_CLOEXEC);

	/* CMD may have put something else there, and a file would be saved as one. */
	if (fd < 0)
		message_warn(work->snapshot->directory, "not saved: %s", strerror(errno));
	else
		close(fd);
	return fd >= 0;
}

__attribute__((noreturn)) static void save_last(struct work *work)
{
	if (!is_directory(work))
		_exit(SNAPSHOT_FAILED);
	if (is_left(work))
		find_moment(work);
	work->copy.is_scan = true;
	if (copy_tree(&work->copy) && work->snapshot->has_digest &&
	    work->copy.digest == work->snapshot->digest)
		_exit(SNAPSHOT_UNCHANGED);
	atomic_store(&work->guarded->digest, work->copy.digest);
	work_save(work, work->snapshot->directory);
}

void snapshot_work(const struct snapshot *snapshot)
{
	struct work work = { .snapshot = snapshot,
			     .guarded = snapshot->guarded,
			     .helpers = snapshot_helpers(snapshot),
			     .index = memory_text("%s/index", snapshot->scratch),
			     .copy = { .directory = snapshot->directory,
				       .path = memory_text("%s/copy", snapshot->scratch),
				       .is_over = work_is_over } };
	struct stat status;

	settle(snapshot);
	work.helpers.root = supervisor;
	work.helpers.pids[1] = getpid();
	if (mkdir(work.copy.path, 0700) < 0 && errno != EEXIST)
		work_give_up(&work, "%s: %s", work.copy.path, strerror(errno));
	if (stat(snapshot->scratch, &status) == 0)
		work.copy.own = status.st_ino;
	copy_index_read(&work.copy.before, work.index);
	copy_index_sort(&work.copy.before);
	switch (snapshot->kind) {
	case SNAPSHOT_EVERY:
		find_moment(&work);
	case SNAPSHOT_AT_TERM:
		find_moment_at_term(&work);
	case SNAPSHOT_FINAL:
		save_last(&work);
	}
	_exit(SNAPSHOT_FAILED);
}
