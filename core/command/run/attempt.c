/* SPDX-License-Identifier: Apache-2.0 */
/* See attempt.h. */
#include "command/run/attempt.h"
#include "command/run/run_exec.h"
#include "command/run/signals.h"
#include "command/terminal/message.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* How often flytectx looks at a snapshot that stops processes. */
#define LOOK_SECONDS 0.1
#define LOOK_AT_TERM 0.005

/* So long a snapshot waits for the one before, then it is left out. */
#define OVERDUE_SECONDS 2.0

/* How long a save that was cancelled may take to end by itself. */
#define CANCEL_SECONDS 1.5

/* In the child. The parent hears why the exec has failed; of one that succeeds the pipe closes. */
__attribute__((noreturn)) static void become(const struct context *context, char *command[],
					     char *envp[], const struct watch *watch, int report)
{
	int number;

	signals_give_back();
	if (watch->output)
		error_output_become(watch->output);
	if (watch->carry.socket >= 0)
		carry_join(&watch->carry, command[0], envp);
	run_exec(context, command, envp);
	number = errno;
	_exit(write(report, &number, sizeof(number)) != sizeof(number));
}

/* 0: it can't be executed. */
static pid_t start(const struct context *context, char *command[], char *envp[],
		   struct watch *watch)
{
	int ends[2], number;
	pid_t pid = -1;
	ssize_t count;

	if (pipe2(ends, O_CLOEXEC) == 0)
		pid = fork();
	if (pid < 0)
		message_fail(command[0], "can't start it: %s", strerror(errno));
	if (pid == 0)
		become(context, command, envp, watch, ends[1]);
	if (watch->carry.socket >= 0)
		carry_leave(&watch->carry);
	close(ends[1]);
	do
		count = read(ends[0], &number, sizeof(number));
	while (count < 0 && errno == EINTR);
	close(ends[0]);
	if (count != sizeof(number))
		return pid;
	watch->exec_error = number;
	return 0;
}

/* --- watching ---------------------------------------------------------------------------- */

struct attempt {
	pid_t pid;
	struct watch *watch;
	struct snapshot *snapshot;
	double next;       /* when another snapshot is due; 0: never */
	double due;        /* since when it is, while one before is under way; 0 */
	siginfo_t held[2]; /* until nothing is stopped any more: what asks to end, and SIGCONT */
	double held_until;
	bool has_status;
	int status;
};

static double earlier(double one, double other)
{
	return one > 0 && (other <= 0 || one < other) ? one : other;
}

static double next_look(const struct attempt *attempt)
{
	const double now = monotonic_now();
	double next = attempt->next;

	if (!attempt->snapshot)
		return 0;
	if (attempt->held[0].si_signo || attempt->held[1].si_signo)
		next = earlier(now + LOOK_AT_TERM, next);
	else if (snapshot_stops(attempt->snapshot))
		next = earlier(now + LOOK_SECONDS, next);
	return next;
}

/*
 * SIGTERM is held back for the moment that a snapshot takes, and a little more than nothing where
 * one is under way: CMD is asked to end when the state before that is safe.
 */
static bool is_held(struct attempt *attempt, const siginfo_t *info)
{
	struct snapshot *snapshot = attempt->snapshot;
	const int number = info->si_signo;

	if (!snapshot)
		return false;
	if (number == SIGCONT && snapshot_stops(snapshot)) {
		attempt->held[1] = *info;
		return true;
	}
	if (number != SIGTERM || attempt->held[0].si_signo)
		return false;
	if (!snapshot->worker && !snapshot_begin(snapshot, SNAPSHOT_AT_TERM))
		return false;
	if (!snapshot_stops(snapshot)) {
		message_warn(snapshot->directory,
			     "not saved, the snapshot before is still being saved");
		return false;
	}
	attempt->held[0] = *info;
	attempt->held_until = monotonic_now() + TERM_SECONDS;
	return true;
}

static void hear(struct attempt *attempt, const siginfo_t *info)
{
	if (signal_asks_to_end(info->si_signo))
		attempt->watch->terminated = true;
	if (!is_held(attempt, info) && !attempt->has_status)
		signal_pass_on(attempt->pid, info);
}

static void let_go(struct attempt *attempt)
{
	const bool is_late = monotonic_now() >= attempt->held_until;

	if (!attempt->held[0].si_signo && !attempt->held[1].si_signo)
		return;
	if (snapshot_stops(attempt->snapshot)) {
		if (!attempt->held[0].si_signo || !is_late)
			return;
		stop_revoke(attempt->snapshot->guarded);
	}
	for (int i = 0; i < 2; i++)
		if (attempt->held[i].si_signo && !attempt->has_status)
			signal_pass_on(attempt->pid, &attempt->held[i]);
	attempt->held[0].si_signo = attempt->held[1].si_signo = 0;
}

/* Reaps all that have ended. */
static void reap(struct attempt *attempt)
{
	pid_t ended;
	int status;

	while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
		if (attempt->snapshot && snapshot_reaped(attempt->snapshot, ended, status))
			continue;
		if (attempt->watch->output &&
		    error_output_reaped(attempt->watch->output, ended, status))
			continue;
		if (ended != attempt->pid)
			continue;
		attempt->status = status;
		attempt->has_status = true;
	}
}

/* One that takes longer is not waited for: CMD may end meanwhile. */
static void begin_snapshot(struct attempt *attempt)
{
	struct snapshot *snapshot = attempt->snapshot;
	const double now = monotonic_now();

	if (!snapshot->worker) {
		attempt->due = 0;
		attempt->next = now + snapshot->every;
		snapshot_begin(snapshot, SNAPSHOT_EVERY);
		return;
	}
	if (attempt->due == 0)
		attempt->due = now;
	attempt->next = now + LOOK_SECONDS;
	if (snapshot_stops(snapshot) || now < attempt->due + OVERDUE_SECONDS)
		return;
	message_warn(snapshot->directory, "not saved, the snapshot before is still being saved");
	attempt->due = 0;
	attempt->next = now + snapshot->every;
}

int attempt_run(const struct context *context, char *command[], char *envp[], struct watch *watch)
{
	struct snapshot *snapshot = watch->snapshot;
	struct attempt attempt = { .watch = watch, .snapshot = snapshot };
	siginfo_t info;

	if (snapshot && snapshot->every > 0)
		attempt.next = monotonic_now() + snapshot->every;
	attempt.pid = start(context, command, envp, watch);
	if (!attempt.pid)
		return -1;
	if (snapshot)
		atomic_store(&snapshot->guarded->command, attempt.pid);
	while (!attempt.has_status) {
		int number = signals_wait(next_look(&attempt), &info);

		if (number == SIGCHLD)
			reap(&attempt);
		else if (number)
			hear(&attempt, &info);
		if (snapshot)
			snapshot_check(snapshot);
		let_go(&attempt);
		if (attempt.next > 0 && monotonic_now() >= attempt.next && !attempt.has_status)
			begin_snapshot(&attempt);
	}
	return attempt.status;
}

/* --- afterwards --------------------------------------------------------------------------- */

void attempt_wait_snapshot(struct watch *watch)
{
	struct attempt attempt = { .watch = watch,
				   .snapshot = watch->snapshot,
				   .has_status = true };
	double cancelled = 0;
	int asked = 0;

	while (watch->snapshot->worker) {
		int number = signals_wait_end(monotonic_now() + LOOK_SECONDS);

		/* Another wait may have heard of the end of a child. */
		reap(&attempt);
		snapshot_check(watch->snapshot);
		if (cancelled > 0 && monotonic_now() > cancelled + CANCEL_SECONDS)
			snapshot_cancel(watch->snapshot, true);
		if (!number)
			continue;
		watch->terminated = true;
		if (++asked == 1) {
			message_warn(watch->snapshot->directory,
				     "it is being saved; another signal ends that");
			continue;
		}
		snapshot_cancel(watch->snapshot, false);
		cancelled = cancelled > 0 ? cancelled : monotonic_now();
	}
}
