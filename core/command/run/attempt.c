/* SPDX-License-Identifier: Apache-2.0 */
/* See attempt.h. */
#include "command/run/attempt.h"
#include "command/terminal/message.h"
#include "command/run/run_exec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How long a moment without writing is looked for: on SIGTERM the pod's grace period runs. */
#define PATIENCE_MIN     1.0
#define PATIENCE_MAX     10.0
#define PATIENCE_AT_TERM 2.0

static const int passed_on[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,  SIGUSR1,
				 SIGUSR2, SIGALRM, SIGCONT, SIGWINCH, SIGPIPE };

static sigset_t watched, before;
static struct sigaction child_action;

void attempt_prepare(bool adopt)
{
	/* No word of children that are only stopped: we stop them ourselves. */
	const struct sigaction action = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP };

	sigemptyset(&watched);
	sigaddset(&watched, SIGCHLD);
	for (size_t i = 0; i < sizeof(passed_on) / sizeof(*passed_on); i++)
		sigaddset(&watched, passed_on[i]);
	sigprocmask(SIG_BLOCK, &watched, &before);
	sigaction(SIGCHLD, &action, &child_action);
	if (adopt)
		prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/* In the child. The parent hears why the exec has failed; of one that succeeds the pipe closes. */
__attribute__((noreturn)) static void become(const struct context *context, char *command[],
					     char *envp[], int report)
{
	int number;

	sigaction(SIGCHLD, &child_action, NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	run_exec(context, command, envp);
	number = errno;
	_exit(write(report, &number, sizeof(number)) != sizeof(number));
}

static pid_t start(const struct context *context, char *command[], char *envp[])
{
	int ends[2], number;
	pid_t pid = -1;
	ssize_t count;

	if (pipe2(ends, O_CLOEXEC) == 0)
		pid = fork();
	if (pid < 0)
		message_fail(command[0], "can't start it: %s", strerror(errno));
	if (pid == 0)
		become(context, command, envp, ends[1]);
	close(ends[1]);
	do
		count = read(ends[0], &number, sizeof(number));
	while (count < 0 && errno == EINTR);
	close(ends[0]);
	if (count == sizeof(number))
		run_exec_failed(command[0], number);
	return pid;
}

/* --- watching ---------------------------------------------------------------------------- */

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* The next signal; 0: it is time for a snapshot. */
static int wait_signal(double until, siginfo_t *info)
{
	struct timespec time = { 0 };
	double left;
	int number;

	do {
		left = until - now();
		if (left > 0) {
			time.tv_sec = (time_t)left;
			time.tv_nsec = (long)((left - (double)time.tv_sec) * 1e9);
		}
		number = until > 0 ? sigtimedwait(&watched, info, &time)
				   : sigwaitinfo(&watched, info);
	} while (number < 0 && errno == EINTR);
	return number < 0 ? 0 : number;
}

static void pass_on(pid_t pid, const siginfo_t *info, struct watch *watch)
{
	const int number = info->si_signo;

	if (number == SIGTERM || number == SIGINT || number == SIGHUP || number == SIGQUIT)
		watch->terminated = true;
	if (number == SIGTERM && watch->snapshot)
		snapshot_begin(watch->snapshot, PATIENCE_AT_TERM);
	/* What a terminal sends it sends to CMD as well. */
	if (info->si_code != SI_KERNEL)
		kill(pid, number);
}

/* Reaps all that have ended; true and the status where CMD is one of them. */
static bool reap(pid_t pid, struct watch *watch, int *status)
{
	pid_t ended;
	int other;

	while ((ended = waitpid(-1, &other, WNOHANG)) > 0) {
		if (watch->snapshot)
			snapshot_reaped(watch->snapshot, ended, other);
		if (ended != pid)
			continue;
		*status = other;
		return true;
	}
	return false;
}

static double patience(double every)
{
	if (every < PATIENCE_MIN)
		return PATIENCE_MIN;
	return every < PATIENCE_MAX ? every : PATIENCE_MAX;
}

int attempt_run(const struct context *context, char *command[], char *envp[], struct watch *watch)
{
	double next = watch->every > 0 ? now() + watch->every : 0;
	pid_t pid = start(context, command, envp);
	siginfo_t info;
	int status;

	if (watch->snapshot)
		watch->snapshot->command = pid;
	for (;;) {
		int number = wait_signal(next, &info);

		if (number == SIGCHLD) {
			if (reap(pid, watch, &status))
				return status;
		} else if (number) {
			pass_on(pid, &info, watch);
		} else {
			/* One that takes longer is not waited for: CMD may end meanwhile. */
			if (!watch->snapshot->saver)
				snapshot_begin(watch->snapshot, patience(watch->every));
			next = now() + watch->every;
		}
	}
}

void attempt_die_of(int number)
{
	const struct rlimit none = { 0, 0 };
	sigset_t set;

	/* CMD has left its core, if any. */
	setrlimit(RLIMIT_CORE, &none);
	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	exit(128 + number);
}
