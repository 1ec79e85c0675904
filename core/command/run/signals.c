/* SPDX-License-Identifier: Apache-2.0 */
/* See signals.h. */
#include "command/run/signals.h"
#include "command/run/guard.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static const int not_watched[] = { SIGKILL, SIGSTOP, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

static sigset_t watched, before;
static struct sigaction child_action;

static bool is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void signals_take(void)
{
	/* No word of children that are only stopped: flytectx stops them itself. */
	const struct sigaction action = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP };

	sigfillset(&watched);
	for (size_t i = 0; i < sizeof(not_watched) / sizeof(*not_watched); i++)
		sigdelset(&watched, not_watched[i]);
	/* A blocked signal is kept although it is ignored. */
	for (int number = 1; number <= SIGRTMAX; number++)
		if (number != SIGCHLD && is_ignored(number))
			sigdelset(&watched, number);
	sigprocmask(SIG_BLOCK, &watched, &before);
	sigaction(SIGCHLD, &action, &child_action);
}

void signals_give_back(void)
{
	sigaction(SIGCHLD, &child_action, NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static int wait_for(const sigset_t *set, double until, siginfo_t *info)
{
	struct timespec time;
	double left;
	int number;

	do {
		left = until - monotonic_now();
		time = (struct timespec) { 0 };
		if (left > 0) {
			time.tv_sec = (time_t)left;
			time.tv_nsec = (long)((left - (double)time.tv_sec) * 1e9);
		}
		number = until > 0 ? sigtimedwait(set, info, &time) : sigwaitinfo(set, info);
	} while (number < 0 && errno == EINTR);
	return number < 0 ? 0 : number;
}

int signals_wait(double until, siginfo_t *info)
{
	return wait_for(&watched, until, info);
}

int signals_wait_end(double until)
{
	siginfo_t info;
	sigset_t set;
	int number;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (number = 1; number < SIGRTMIN; number++)
		if (signal_asks_to_end(number) && sigismember(&watched, number) == 1)
			sigaddset(&set, number);
	number = wait_for(&set, until, &info);
	return number == SIGCHLD ? 0 : number;
}

bool signal_asks_to_end(int number)
{
	return number == SIGTERM || number == SIGINT || number == SIGHUP || number == SIGQUIT;
}

/* What a terminal's keys send goes to all of its foreground group. */
static bool has_got_it(pid_t pid, const siginfo_t *info)
{
	switch (info->si_signo) {
	case SIGINT:
	case SIGQUIT:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGWINCH:
		return info->si_code == SI_KERNEL && getpgid(pid) == getpgrp();
	/* Of limits of flytectx itself. */
	case SIGXCPU:
	case SIGXFSZ:
		return info->si_code == SI_KERNEL;
	case SIGPIPE:
		return info->si_pid == getpid();
	}
	return false;
}

/*
 * Stops as CMD does: not at all in an orphaned process group, as a pod or a batch system makes it,
 * where the kernel drops these three.
 */
static void stop_as(int number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

void signal_pass_on(pid_t pid, const siginfo_t *info)
{
	const int number = info->si_signo;

	if (!has_got_it(pid, info)) {
		if (info->si_code != SI_QUEUE || sigqueue(pid, number, info->si_value) < 0)
			kill(pid, number);
	}
	if (number == SIGTSTP || number == SIGTTIN || number == SIGTTOU)
		stop_as(number);
}

static void (*before_death)(void);

void signals_before_death(void (*tidy)(void))
{
	before_death = tidy;
	atexit(tidy);
}

void signal_die_of(int number)
{
	const struct rlimit none = { 0, 0 };
	sigset_t set;

	if (before_death)
		before_death();
	before_death = NULL;
	/* CMD has left its core, if any. */
	setrlimit(RLIMIT_CORE, &none);
	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	exit(128 + number);
}
